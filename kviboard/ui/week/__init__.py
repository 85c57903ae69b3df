"""This week as a page.
What it says is made by `board.week`, its pieces by `documents.digest`.
"""
