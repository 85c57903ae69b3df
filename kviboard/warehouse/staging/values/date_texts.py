"""Small differences in how dates are written, brought to the form that formats know: 2026.01.31, 3:00PM, 12:00 Uhr."""

from kviboard.warehouse.engine import literal

_CHANGES = (
    (r"^(\d{4})\s?[.年]\s?(\d{1,2})\s?[.月]\s?(\d{1,2})(?:\s?[.日])?(\D.*)?$", r"\1-\2-\3\4"),
    (r"^((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$", r"\1-\2-\3 \4:\5:\6"),
    (r"^(\d{1,2})\.\s(\d{1,2})\.\s(\d{4})", r"\1.\2.\3"),
    (r"(\d{4}\s\d{1,2})\.(\d\d)\.(\d\d)$", r"\1:\2:\3"),
    (r"(:\d\d),(\d+)$", r"\1.\2"),  # half seconds behind a comma
    (r"(?i)(:\d\d)\s*([ap])\.?\s?m\.?$", r"\1 \2M"),
    (r"(?i)(:\d\d)\s*(?:uhr|h|hrs)\.?$", r"\1"),
)


def tidied(value: str) -> str:
    """SQL: a trimmed text that may be a date, in its usual form; any other as it is."""
    for pattern, plain in _CHANGES:
        value = f"regexp_replace({value}, {literal(pattern)}, {literal(plain)})"
    return value
