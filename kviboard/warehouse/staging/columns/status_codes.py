"""States beside rows that are written as numbers, of which nothing in the export tells the meaning: 0, 1, 2.

Some of them may be called-off orders or unfinished answers. That all count is said, with how to set some aside. Where
the columns beside them tell which tool wrote the codes, no_rows knows them.
"""

import re
from collections.abc import Collection

import duckdb

from kviboard.domain.formatting import counted, listed
from kviboard.warehouse.engine import readable, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.rows.no_rows import knows_codes
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.numbers import WrittenValues
from kviboard.warehouse.staging.values.place import Place

_OF_ORDERS = "order|payment|financial|fulfill?ment|invoice|sales|auftrags|bestell|zahlungs"
_OF_ANSWERS = "record|response|answer|survey|completion|interview|antwort"
_CODE = r"([\W_]*(id|code))?"
_CALLED = {
    "orders": rf"(({_OF_ORDERS})[\W_]*)?status{_CODE}|statut|estado",
    "responses": rf"(({_OF_ANSWERS})[\W_]*)?(status|state){_CODE}|statut|estado|disp(osition|[\W_]*code)|last_?page",
}
_MOST_CODES = 12  # states; more are counts or ids
_MOST_SHOWN = 4


def status_codes(
    connection: duckdb.DuckDBPyConnection, place: Place, exported: Collection[str]
) -> list[ExportDecision]:
    """What is said of columns of orders or answers that are called a state and hold several numbers; `exported`: the
    columns as the files name them."""
    called = _CALLED.get(place.table)
    names = [name for name in place.columns if called and re.fullmatch(called, name)]
    known = [*place.columns, *exported]
    return [each for name in names if not knows_codes(name, known) for each in _coded(connection, place, name)]


def _coded(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    found = rows_of(
        connection,
        f"""
        select v, count(*), arg_min({FILE}, ({FILE}, {LINE})), min({LINE})
        from (select {clean_text(name, keeps_tokens=False)} as v, {FILE}, {LINE} from {place.rows})
        where v is not null group by v order by 2 desc, v limit {_MOST_CODES + 1}
        """,
    )
    codes = [WrittenValues(count, value, file, line) for value, count, file, line in found]
    if not 1 < len(codes) <= _MOST_CODES or not all(re.fullmatch(r"-?\d{1,3}(\.\d)?", each.value) for each in codes):
        return []
    shown = [f"{each.value} ({counted(each.count, 'row')})" for each in codes[:_MOST_SHOWN]]
    shown += [f"{len(codes) - _MOST_SHOWN} more"] if len(codes) > _MOST_SHOWN else []
    rarest = codes[-1]
    doubt = "orders called off" if place.table == "orders" else "unfinished answers and tests"
    column = readable(name)
    reason = f"case when {column} in ('{rarest.value}') then 'not to count' end as reject_reason"
    aside = f"select *, {reason} from source.{place.source}"
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} holds the codes {listed(shown)}, of which nothing tells the meaning: all rows count, {doubt} "
            "among them, if there are any.",
            example=rarest.example,
            setting=f"Where {rarest.value} should not count, set it aside in queries/staging/{place.table}.sql: "
            f"{aside}; where all count: select * exclude ({column}) from the same.",
            level="warning",
            moves_kvis=True,
        )
    ]
