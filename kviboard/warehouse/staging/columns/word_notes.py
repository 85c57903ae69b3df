"""What is said of rows by the words in one of their columns: each word with its rows and its first place."""

from collections.abc import Sequence

import duckdb

from kviboard.domain.formatting import counted, listed
from kviboard.warehouse.engine import literal, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.numbers import WrittenValues
from kviboard.warehouse.staging.values.place import Place

MOST_SHOWN = 3


def words_of(connection: duckdb.DuckDBPyConnection, rows: str, pattern: str) -> list[WrittenValues]:
    """The words `v` of `rows` (SQL) that a pattern for small letters fits, the most frequent first."""
    found = rows_of(
        connection,
        f"""
        select count(*) as n, v, {", ".join(f"arg_min({each}, ({FILE}, {LINE}))" for each in (FILE, LINE))}
        from {rows} where regexp_matches(lower(v), {literal(pattern)}) group by v order by n desc, v
        """,
    )
    return [WrittenValues(*each) for each in found]


def said_of_words(
    place: Place, name: str, found: Sequence[WrittenValues], what: str, setting: str, moves_kvis: bool = True
) -> list[ExportDecision]:
    """A warning with the words `found` in the column `name`, the most frequent first, and how many rows they are in;
    `what` goes on from there."""
    if not found:
        return []
    words = [f'"{each.value}"' for each in found]
    more = [f"{len(words) - MOST_SHOWN} more"] if len(words) > MOST_SHOWN else []
    rows = counted(sum(each.count for each in found), "row")
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} is {listed([*words[:MOST_SHOWN], *more], 'or')} in {rows}{what}",
            example=found[0].example,
            setting=setting,
            level="warning",
            moves_kvis=moves_kvis,
        )
    ]
