"""Which bands are compared with which, and when a difference between their shares is shown."""

BANDS = ("promoter", "passive", "detractor")
AGAINST = "passive"  # the band that the others are compared with


def is_shown(low: float, high: float) -> bool:
    """Whether a difference is shown: its interval is known and does not hold 0."""
    return low > 0 or high < 0
