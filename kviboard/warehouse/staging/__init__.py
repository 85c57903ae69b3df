"""From text rows to contract tables: one pipeline, in which every row is accounted for.
Its rooms build on one another: `values`, `queries`, `rows`, `columns`. Files are read in `files`.
"""
