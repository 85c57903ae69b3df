"""The page Outside-in: what people say of our customer focus, what our records show, what people are paid for.
The counting is `board.outside_in`'s, the rules are `domain.outside_in`'s.
"""
