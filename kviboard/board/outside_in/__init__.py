"""The outside-in check: rounds and answers, the rewards, and what the board's own records show of customer focus.
What follows from them is for `domain.outside_in`.
"""
