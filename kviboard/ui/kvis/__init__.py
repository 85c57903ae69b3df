"""The KVIs page.
What it shows is read by `board.kvis`.
"""
