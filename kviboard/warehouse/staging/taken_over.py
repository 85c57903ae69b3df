"""Takes over a table as it was staged for the version before, with all that was said of its rows, where everything that
decides them is the same: a refresh casts again what changed.

Owns when two stagings give the same. Tables that are views on the company's own files, customers (whom every export
may add to) and what a cluster stages are staged anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from kviboard.catalog import QueryFile
from kviboard.warehouse.engine import parquet_rows, quoted
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.fingerprints import contents, is_settled, short_hash
from kviboard.warehouse.forgotten import Forgotten
from kviboard.warehouse.manifest import LedgerRow, Reach, StagedTable
from kviboard.warehouse.staging.rows.called_off import CALLED_OFF
from kviboard.warehouse.staging.rows.order_products import ORDER_PRODUCTS
from kviboard.warehouse.tables import PreviousVersion
from kviboard.warehouse.unchanged import made_by_besides_exports
from kviboard.workspace import Workspace

RULES = ("left_out", "customer_aliases", "exchange_rates")
"""Tables that decide what becomes of the rows of others."""
RULES_OF = {"activity": (CALLED_OFF,)}
"""And those that decide it for one table alone."""
_REJECTED = "rejected_rows"
_STAGED_WITH = {"orders": (ORDER_PRODUCTS,)}


@dataclass(frozen=True)
class StagedRows:
    """What became of the rows of a table, and which of its columns hold data."""

    said: StagedTable
    ledger: tuple[LedgerRow, ...]
    provided: tuple[str, ...]
    reach: Reach | None


def fingerprint_of(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    query: QueryFile,
    extracts: Mapping[str, Sequence[Extract]],
    sources: Sequence[str],
    forgotten: Forgotten,
) -> str:
    """A text that changes with whatever the rows of a staging query and what is said of them depend on; "" where that
    cannot be told, or is not to be kept."""
    if workspace.engine.kind == "spark" or query.name == "customers" or not is_settled(query.sql):
        return ""
    read = [extract.found for source in sources for extract in extracts[source]]
    files = [text for found in read for text in (found.source, found.name, found.fingerprint)]
    deciding = (*RULES, *RULES_OF.get(query.name, ()))
    rules = sorted(map(str, contents(connection, deciding)))  # an engine of several threads gives them in any order
    return short_hash(made_by_besides_exports(workspace), query.path, query.sql, forgotten.fingerprint, *files, *rules)


def take_over_staged(
    connection: duckdb.DuckDBPyConnection, table: str, made_by: str, before: PreviousVersion
) -> StagedRows | None:
    """Make `table` what it is in the version before, and add its rows to rejected_rows; None where they may differ."""
    manifest, rejected = before.manifest, before.whole_files(_REJECTED)
    files = {name: before.whole_files(name) for name in (table, *_STAGED_WITH.get(table, ()))}
    said = manifest.staged.get(table) if manifest else None
    if not (made_by and manifest and said and said.made_by == made_by and all(files.values()) and rejected):
        return None
    for name, rows in files.items():
        connection.execute(f"create view main.{quoted(name)} as select * from {parquet_rows(rows)}")
    connection.execute(f"insert into {_REJECTED} select * from {parquet_rows(rejected)} where table_name = ?", [table])
    ledger = tuple(row for row in manifest.files if row.table_name == table and row.role != "lookup")
    return StagedRows(said, ledger, manifest.provided[table], manifest.reach.get(table))
