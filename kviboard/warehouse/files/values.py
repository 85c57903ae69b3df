"""The values of JSON texts and spreadsheets as texts."""

import json
from datetime import date, datetime
from typing import Any


def as_text(value: Any) -> str | None:
    """A value as text: whole numbers without a point, dates in ISO form, nested JSON as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
