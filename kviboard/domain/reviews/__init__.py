"""The rules of a sprint review: predictions against what came, hit rates, calibration.
Holding a review belongs to `board.reviews`.
"""
