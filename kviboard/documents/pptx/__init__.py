"""Documents as slides: native text and tables, measured to fit.
What a document says is described by `documents.blocks`.
"""
