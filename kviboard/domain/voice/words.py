"""What the numbers about voices say, in sentences that keep readers from reading too much into them."""

from kviboard.domain.formatting import counted, format_value, listed
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.domain.kvis.verdict_words import in_plain_words

PLURALS = {"promoter": "promoters", "passive": "passives", "detractor": "detractors"}
KINDS = {
    "touchpoint": "Touchpoints",
    "product": "Product bought last",
    "topic": "Complained about in the 90 days before",
    "aspect": "Aspects",
    "dimension": "Who they are",
}


def comments_in_words(by_band: dict[str, int], days: str) -> str:
    """How many comments there are, " of" which days, and by whom."""
    count = sum(by_band.values())
    parts = [f"{by_band.get(band, 0):,} by {plural}" for band, plural in PLURALS.items()]
    return f"{counted(count, 'comment')}{days}: {listed(parts)}." if count else ""


def lift_in_words(name: str, lift: float, low: float, high: float, rest: str = "the rest") -> str:
    """What raising a group to the level of the rest would add; empty where no lift is shown."""
    if not low > 0:
        return ""
    added = f"{lift:.1f} points to the Net Promoter Score of all together ({low:.1f} to {high:.1f} by chance)"
    return f"Raising {name} to the level of {rest} would add {added}."


def aspects_in_words(named: list[str], explained: float, n: int) -> str:
    """Which aspects matter most, and how much all of them explain."""
    if explained != explained:
        return "Too few answers rate every aspect to weigh them against one another."
    most = f"What goes with the score most is {named[0].replace('_', ' ')}"
    return (
        f"{most}. All aspects together explain {format_value(explained, 'percent')} of the differences between scores "
        f"({n:,} answers); what goes with a score need not be its cause."
    )


def chance_in_words(compared: int) -> str:
    """How many words were compared, and what chance alone would show."""
    by_chance = round(compared * 0.05)
    return (
        f"Of {compared:,} words and pairs of words in 5 comments or more, chance alone could show about {by_chance:,}. "
        "Words stand for what people wrote, not for why they feel so."
    )


def theme_in_words(label: str, share: float, verdict: str, reason: str) -> str:
    """What the last complete period says of a theme that is followed: "Oct 2026: 4.1 %, the usual ups and downs."."""
    value = f"{label}: {format_value(share, 'percent')}"
    if verdict == WITHIN:
        return f"{value}, the usual ups and downs."
    if verdict in (UP, DOWN):
        return f"{value}, {in_plain_words(verdict).lower()}: {reason}."
    said = in_plain_words(verdict.replace("few answers", "few comments"))
    return f"{value}. {said}."


def change_in_words(verdict: str, change: float, low: float, high: float) -> str:
    """A touchpoint's change against as many days before, as it stands in a table."""
    if verdict not in ("better", "worse"):
        return verdict
    return f"{verdict} by {abs(change):.1f} ({_points(low)} to {_points(high)})"


def _points(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")
