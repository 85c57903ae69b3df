"""Words that sound good and say nothing, in the languages of the boards that use this. Data and its pattern only."""

import re
from collections.abc import Iterator

_PHRASES = (
    # English
    "leverag(?:e|es|ed|ing)", "synerg(?:y|ies|istic)", "seamless(?:ly)?", "holistic(?:ally)?", "frictionless(?:ly)?",
    "best[- ]in[- ]class", "world[- ]class", "cutting[- ]edge", "state[- ]of[- ]the[- ]art", "next[- ]level",
    "next[- ]gen(?:eration)?", "game[- ]chang(?:er|ing)", "paradigm(?:s| shifts?)?", "innovative(?:ly)?", "disruptive",
    "value[- ]add(?:ed|s)?", "win[- ]win", "low[- ]hanging fruit", "360[- ]degree", "turnkey",
    "thought leader(?:ship)?",
    "empower(?:s|ed|ing|ment)?", "unlock(?:s|ed|ing)? (?:the )?(?:full )?(?:value|potential)", "excellence",
    "move the needle", "end[- ]to[- ]end", "mission[- ]critical", "customer[- ]centricity",
    # Dutch, German, Danish
    "synergie[ëe]n", "naadloos|naadloze", "holistisch(?:e[rsn]?)?", "toonaangevend(?:e)?", "synergien",
    "nahtlos(?:e[rsnm]?)?", "ganzheitlich(?:e[rsnm]?)?", "zukunftsweisend(?:e[rsnm]?)?", "synergier", "sømløs(?:e|t)?",
    "holistisk(?:e)?", "banebrydende",
)  # fmt: skip
_EMPTY = re.compile(rf"(?<![\w-])(?:{'|'.join(_PHRASES)})(?![\w-])", re.IGNORECASE)


def empty_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where such words stand in a text."""
    for match in _EMPTY.finditer(text):
        yield match.span()
