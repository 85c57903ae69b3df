"""A plain table of rows: text to the left, figures to the right, full precision, but no cents where amounts are large.
It scrolls by itself where it is wider than the screen."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kviboard.components.markup import link, text
from kviboard.domain.formatting import (
    NO_VALUE,
    SPACE,
    format_cents,
    format_day,
    format_share,
    format_value,
    format_whole,
)

NOT_NUMBERS = ("text", "day", "flag")
LARGE = 100
"""From here on an amount has three figures before the point, and its column none after it."""
BY_CHANCE = "by chance"
"""The heading of a range that tells how far chance can reach."""
Field = str | tuple[str, str]
Columns = Mapping[Field, tuple[str, str]]
_AMOUNTS = {"whole": format_whole, "cents": format_cents}


def rows_table(
    rows: pd.DataFrame,
    columns: Mapping[str, tuple[str, str]] | Columns,
    currency: str,
    caption: str,
    hrefs: Sequence[str] = (),
    alike: Sequence[str] = (),
) -> str:
    """Rows as HTML. `columns` gives heading and unit of each field, in order; the first names the row and, with
    `hrefs`, links to one address per row. Two fields are the ends of a range, written in one column. Units are a
    view's: text, day, flag, those of a number, or share: a percentage whose hundredths say nothing, as those of a score
    do not. A column of large amounts has no cents; the fields `alike` are written as the largest among them: an amount
    and the ends of its range."""
    sized: Columns = {
        field: (head, _of_size(rows[[*alike] if {*_fields(field)} & {*alike} else [*_fields(field)]], unit))
        for field, (head, unit) in columns.items()
    }
    heads = "".join(f'<th scope="col"{_side(unit)}>{text(head)}</th>' for head, unit in sized.values())
    addresses = hrefs or [""] * len(rows)
    pairs = zip(rows.to_dict("records"), addresses, strict=True)
    body = "".join(_row(row, sized, currency, address) for row, address in pairs)
    label = text(caption)
    return (
        f'<div class="kvi-wide" role="region" tabindex="0" aria-label="{label}"><table class="kvi-rows">'
        f"<caption>{label}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def cell_text(value: Any, unit: str, currency: str) -> str:
    """A value as it reads in a table; a dash for none."""
    if value is None or value != value:
        return NO_VALUE
    if unit == "day":
        return format_day(value if isinstance(value, date) else value.date())
    if unit == "flag":
        return "yes" if value else "no"
    if unit == "share":
        return format_share(value, 1)
    if unit == "score":
        return f"{round(float(value), 1) + 0:.1f}".replace("-", "−")  # never a minus zero
    if unit in _AMOUNTS:
        return _AMOUNTS[unit](float(value), currency)
    return str(value) if unit == "text" else format_value(float(value), unit, currency, precise=True)


def _row(row: Mapping[Any, Any], columns: Columns, currency: str, href: str) -> str:
    (first, _), *rest = ((_cell(row, field, unit, currency), unit) for field, (_, unit) in columns.items())
    cells = "".join(f"<td{_side(unit)}>{text(said)}</td>" for said, unit in rest)
    return f'<tr><th scope="row">{link(first, href)}</th>{cells}</tr>'


def _cell(row: Mapping[Any, Any], field: Field, unit: str, currency: str) -> str:
    ends = [cell_text(row[name], unit, currency) for name in _fields(field)]
    return NO_VALUE if NO_VALUE in ends else f"{SPACE}to{SPACE}".join(ends)


def _fields(field: Field) -> tuple[str, ...]:
    return (field,) if isinstance(field, str) else field


def _of_size(values: pd.DataFrame, unit: str) -> str:
    """A unit for amounts that are large, or no fractions of a cent; else the unit itself."""
    most = float(np.nanmax(np.abs(values.to_numpy(dtype=float)), initial=0)) if unit == "currency" else 0
    return "whole" if most >= LARGE else "cents" if most >= 1 else unit


def _side(unit: str) -> str:
    return "" if unit in NOT_NUMBERS else ' class="kvi-figure"'
