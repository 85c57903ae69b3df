"""Documents as HTML: blocks, pages that need nothing else, minutes.
What a document says is described by `documents.blocks`.
"""
