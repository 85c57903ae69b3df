"""Answers from 0 to 10 that a survey tool wrote as the codes of its choices, 1 to 11, so that each is one too high.

An 11 gives them away, for no scale has it. Where nobody chose the best answer there is none: that is what is told here.
"""

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import quoted, row_of
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import Rules, clean_text
from kviboard.warehouse.staging.values.place import Place

_OF_QUALTRICS = {"finished", "progress", "responseid", "response id", "recordeddate", "duration (in seconds)"}
_FEWEST_OF_QUALTRICS, _FEWEST = 8, 20  # answers from 1 to 10 without a 0 from which on it is hardly chance
_BAND = """
    case when lower(band) in ('detractor', '1') then 0 when lower(band) in ('passive', '2') then 7
        when lower(band) in ('promoter', '3') then 9 end
"""
"""SQL: the lowest score of a group, as Qualtrics names or numbers it."""


def shifted_codes(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, rules: Rules
) -> list[ExportDecision]:
    """A warning where all answers lie from 1 to 10 and the export is of a tool, or called by a question, whose answers
    begin with 0; none where the group beside each answer fits it."""
    is_of_qualtrics = len(_OF_QUALTRICS & set(place.columns)) > 1
    is_nps = is_of_qualtrics or any("nps" in header.casefold() for header in place.headers)
    if not is_nps or rules.scales.is_given or rules.scales.by_survey or rules.scales.default != "0-10":
        return []
    group = next((name for name in place.columns if name.endswith("nps_group")), "")
    text = clean_text(column.name, keeps_tokens=False) if place.is_text else quoted(column.name)
    band = f"cast({quoted(group)} as varchar)" if group else "cast(null as varchar)"
    answers, lowest, highest, grouped, fitting = row_of(
        connection,
        f"""
        select
            count(n), min(n), max(n), count(n) filter (where least_of_band is not null),
            count(n) filter (where least_of_band = case when n >= 9 then 9 when n >= 7 then 7 else 0 end)
        from (
            select try_cast({text} as integer) as n, {_BAND} as least_of_band
            from (select *, {band} as band from {place.rows})
        )
        """,
    )
    enough = _FEWEST_OF_QUALTRICS if is_of_qualtrics else _FEWEST
    if answers < enough or (lowest, highest) != (1, 10) or 0 < grouped == fitting:
        return []
    what = f"All {counted(answers, 'answer')} lie between 1 and 10 with no 0 among them, and are read as they are. "
    what += "Codes of the choices from 0 to 10 are 1 to 11, one too high, and look so where nobody chose the best."
    if grouped:
        others = grouped - fitting
        what += f" {others:,} of {grouped:,} {plural(others, 'is', 'are')} in another group by {group}."
    codes = f"select * replace (cast({column.name} as integer) - 1 as {column.name}) from source.{place.source}"
    return [
        ExportDecision(
            where=place.export,
            what=what,
            setting=f'If they are the answers, [sources.{place.source}] scale = "0-10" settles it; if they are codes, '
            f"take 1 off in queries/staging/{place.table}.sql: {codes}",
            level="warning",
            moves_kvis=True,
        )
    ]
