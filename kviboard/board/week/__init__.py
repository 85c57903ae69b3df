"""This week: what is new since the week before, what misses its target, what is due.
Its words are in `phrases`; mail and files are `documents.digest`.
"""
