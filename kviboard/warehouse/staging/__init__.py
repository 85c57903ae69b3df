"""From text rows to contract tables: one pipeline, each step a module; every row is accounted for.
Files are read in `files`, marts are built in `marts`.
"""
