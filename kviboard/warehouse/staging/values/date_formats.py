"""Formats of dates that are read only where `date_format` names them, such as those with a year of two digits."""

from collections.abc import Sequence

import duckdb

from kviboard.warehouse.engine import literal, row_of

_DAYS = (
    *("%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%Y", "%d-%m-%y", "%m-%d-%Y"),
    *(
        "%m-%d-%y",
        "%Y%m%d",
        "%y-%m-%d",
        "%y/%m/%d",
        "%d%m%Y",
        "%m%d%Y",
        "%Y-%b-%d",
        "%d-%b-%y",
        "%b-%d-%y",
        "%b-%d-%Y",
        "%a %b %d %Y",
    ),
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H.%M", "T%H%M", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %I:%M %p", " %H",
          " %Hh%M")  # fmt: skip
_FORMATS = (*(f"{day}{time}" for day in _DAYS for time in _TIMES), "%H:%M %d.%m.%Y", "%a %b %d %H:%M:%S %Y",
            "%d/%b/%Y:%H:%M:%S", "%Y%m%d%H%M", "%Y-%m-%dT%H%M", "%Y-%m-%d %H")  # fmt: skip
_LOOKED_AT = 10_000  # different values


def fitting_formats(connection: duckdb.DuckDBPyConnection, rows: str, given: Sequence[object] = ()) -> tuple[str, ...]:
    """The formats that read every `value` of `rows` (SQL with the parameters `given`) as a day between 1950 and 2150,
    so that none is offered that would not work; () where none does."""
    counts = ", ".join(
        f"count(*) filter (where year(try_strptime(value, {literal(style)})) between 1950 and 2150)"
        for style in _FORMATS
    )
    values = f"select distinct value from ({rows}) where value is not null limit {_LOOKED_AT}"
    of, *read = row_of(connection, f"select count(*), {counts} from ({values})", list(given))
    return tuple(style for style, count in zip(_FORMATS, read, strict=True) if of and count == of)
