"""Typed text on its way into any file: without characters that no document may hold. Markup is up to the writers."""

import re

# Control characters (XML, and with it PPTX, has no place for them), halves of surrogate pairs, non-characters, and the
# marks that turn around the direction of what follows them, beyond the text's own end.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff\ufeff]")
_BREAK = re.compile("\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")


def clean(value: str) -> str:
    """The text with line breaks as \\n, and without characters that are not for reading."""
    return _UNFIT.sub("", _BREAK.sub("\n", value))


def one_line(value: str) -> str:
    """The cleaned text with runs of blanks and breaks as one space; no-break spaces inside stay."""
    return re.sub(r"[ \t\n]+", " ", clean(value)).strip()


def lines(value: str) -> list[str]:
    """The cleaned text's lines that say something."""
    return [line for part in clean(value).split("\n") if (line := one_line(part))]
