"""A sprint review as a story of blocks, from its record alone.
How a story is written to a file belongs to `html`, `markdown` and `pptx`.
"""
