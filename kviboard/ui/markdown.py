"""Sentences on their way into Streamlit's Markdown: nothing in them is taken for markup or one of its directives."""

import re

_NAME = r"(?<!\S)[^\W_]+(?:(?:_+|[.,()-]+)[^\W_]+)*:(?=\s|$)"
_SIGNS = re.compile(rf"{_NAME}|(?<=[^\W_])_+(?=[^\W_])|([\\*_$~<\[`#:])")
"""What may be markup, as group 1. A control is named by its label with the backslashes in it, so there are none where
none are needed: within a word, as in order_id, and in a name with its colon, as in my_orders.csv: how many?"""
_ICON, _JOINER = ":material/", "\u2060"
"""Streamlit looks for icons once backslashes are read, so that these keep none away: an invisible sign does."""
_CODE = re.compile(r"(`[^`]+`)")


def plain(sentence: str, code: bool = False) -> str:
    """A sentence with words from people or data as plain text; with `code`, what stands in backquotes stays code."""
    if not code:
        sentence = sentence.replace(_ICON, f":material{_JOINER}/")
        return _SIGNS.sub(lambda sign: f"\\{sign[1]}" if sign[1] else sign[0], sentence)
    return "".join(part if _CODE.fullmatch(part) else plain(part) for part in _CODE.split(sentence))
