"""Use cases: what a page or the command line asks for, in one call."""
