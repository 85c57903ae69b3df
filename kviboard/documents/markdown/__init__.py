"""Documents as Markdown.
What a document says is described by `documents.blocks`.
"""
