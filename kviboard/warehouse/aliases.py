"""Which other ids a customer has, as the export of aliases says."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from kviboard.warehouse.files.discovery import find_files
from kviboard.warehouse.files.parts import extract_all
from kviboard.warehouse.forgotten import read_forgotten
from kviboard.warehouse.staging.queries.origins import left_out_of
from kviboard.warehouse.staging.queries.renames import new_names
from kviboard.workspace import Workspace

_COLUMNS = ("customer_id", "known_as")


def ids_of(workspace: Workspace, customer_id: str) -> frozenset[str]:
    """All ids that are this customer's, whichever of them is given. Raises ExportError where the export of aliases
    cannot be read."""
    pairs = list(_pairs(workspace))
    ids = {customer_id}
    while more := {each for pair in pairs if ids.intersection(pair) for each in pair} - ids:
        ids |= more
    return frozenset(ids)


def _pairs(workspace: Workspace) -> Iterator[tuple[str, str]]:
    name = workspace.aliases_source
    if name not in workspace.sources:
        return
    source = workspace.sources[name]
    left_out = left_out_of(source, name, {}, read_forgotten(workspace.state))
    for file in find_files(workspace, name)[0]:
        for extract in extract_all(file, source, workspace.state / "cache", left_out):
            renames = new_names(source, [extract.columns], _COLUMNS)
            table = pq.read_table(extract.parquet, columns=list(extract.columns))
            table = table.rename_columns([renames.get(column.casefold(), column) for column in extract.columns])
            if set(_COLUMNS) <= set(table.column_names):
                columns = [table.column(column).cast(pa.string()).to_pylist() for column in _COLUMNS]
                yield from ((one.strip(), other.strip()) for one, other in zip(*columns, strict=True) if one and other)
