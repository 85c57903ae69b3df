"""Sentences on their way into Streamlit's Markdown: nothing in them is taken for markup or one of its directives."""

import re

_SIGNS = re.compile(r"([\\*_$~<\[`#:])")
_CODE = re.compile(r"(`[^`]+`)")


def plain(sentence: str, code: bool = False) -> str:
    """A sentence with words from people or data as plain text; with `code`, what stands in backquotes stays code."""
    if not code:
        return _SIGNS.sub(r"\\\1", sentence)
    return "".join(part if _CODE.fullmatch(part) else plain(part) for part in _CODE.split(sentence))
