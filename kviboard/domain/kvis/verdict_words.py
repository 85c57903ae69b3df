"""How a verdict reads: plain words instead of the terms of process behaviour charts. Which one holds: `signals`."""

from kviboard.domain.kvis.signals import DOWN, UP, WITHIN, history_known

SHAPES = {UP: "●", DOWN: "●", WITHIN: "○"}
NOT_JUDGED = "◌"

_MEANINGS = {"good": " (good)", "bad": " (bad)"}
_WORDS = {UP: "Unusually high", DOWN: "Unusually low", WITHIN: "Usual ups and downs"}


def in_plain_words(verdict: str, tone: str | None = None) -> str:
    """ "Unusually high (bad)", "Usual ups and downs", "Too early to say (7 of 8 periods)"; `tone` is good, bad or
    anything else for a change that is neither."""
    if verdict in _WORDS:
        return _WORDS[verdict] + _MEANINGS.get(tone or "", "")
    if known := history_known(verdict):
        return f"Too early to say ({known} periods)"
    is_path = "/" in verdict.partition(" ")[0]  # a file is called as it is
    return verdict if is_path else verdict[:1].upper() + verdict[1:]


def is_judged(words: str) -> bool:
    """Whether plain words say of a period that it is usual or unusual."""
    return words.startswith(tuple(_WORDS.values()))


def with_shape(verdict: str, tone: str | None = None) -> str:
    """The words with the shape that stands for them where colours are not seen: "● Unusually high (bad)"."""
    return f"{SHAPES.get(verdict, NOT_JUDGED)} {in_plain_words(verdict, tone)}"
