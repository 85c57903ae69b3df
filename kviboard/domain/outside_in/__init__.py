"""How far the customer reaches into how the organisation works: the check, its results, the rewards, the stage.
Pure rules; what the board's own records show is counted in `board.outside_in`.
"""
