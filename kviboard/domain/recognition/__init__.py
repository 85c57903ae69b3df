"""Recognises exports: which table a file is, which column feeds what, and what only people can decide."""
