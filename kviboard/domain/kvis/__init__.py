"""What a KVI is and what its numbers say: intervals, signals, comparisons, coverage of its days.
Knows no table and no file; whoever computes a KVI is in `board.kvis`.
"""
