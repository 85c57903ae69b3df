"""The OKRs page: the quarter, one objective's story, alignment; its forms are in `forms`.
What it shows is made by `board.okrs`.
"""
