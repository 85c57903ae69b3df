"""The Sprint review page: overview, forms, history; the big screen is in `presentation`.
What it shows is made by `board.reviews`.
"""
