"""One truth, written as hundreds of exports, is read as the same rows each time: what a KVI is made of.

Marts and KVIs are computed from these rows alone, so the same rows are the same KVIs; that they are right is tested
beside this file.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kviboard.errors import KviBoardError
from kviboard.workspace import load_workspace
from tests.numbers.one_truth import Variant, settings, truth, write_exports
from tests.warehouse.company import published, refreshed

VARIANTS, CHUNK = 320, 20
COLUMNS = {
    "orders": ("order_id", "customer_id", "ordered_at", "amount"),
    "responses": ("response_id", "customer_id", "responded_at", "score"),
    "activity": ("customer_id", "occurred_at", "event", "minutes"),
}
TURNS = ("orders", "orders", "responses", "activity")
"""Which table a variant writes: orders can be written in the most ways."""
Rows = list[tuple[object, ...]]


def table_of(variant: Variant) -> str:
    return TURNS[variant.number % len(TURNS)]


def expected(table: str) -> Rows:
    """The truth as sorted tuples."""
    return sorted(tuple(_plain(row[column]) for column in COLUMNS[table]) for row in truth()[table])


def found(folder: Path, variant: Variant) -> Rows:
    """What a refresh makes of the truth written as `variant`."""
    table = table_of(variant)
    write_exports(folder / "exports", variant, [table])
    (folder / "kviboard.toml").write_text(settings(variant, [table]), encoding="utf-8")
    workspace = load_workspace(folder)
    refreshed(workspace)
    rows = published(workspace, f"select {', '.join(COLUMNS[table])} from {table}")
    return sorted(tuple(map(_plain, row)) for row in rows)


def _plain(value: object) -> object:
    """Times to the nearest minute, because a spreadsheet counts days in binary fractions; numbers as floats."""
    if isinstance(value, datetime):
        return (value + timedelta(seconds=30)).replace(second=0, microsecond=0)
    return round(float(value), 6) if isinstance(value, Decimal | float) else value


@pytest.mark.parametrize("first", range(0, VARIANTS, CHUNK))
def test_however_it_is_written_it_is_read_as_the_same_rows(tmp_path: Path, first: int) -> None:
    wrong = {}
    for number in range(first, first + CHUNK):
        variant = Variant.of(number)
        try:
            rows = found(tmp_path / str(number), variant)
        except KviBoardError as error:  # a refusal is honest, but none of these needs one
            wrong[str(variant)] = str(error)[:600]
            continue
        right = expected(table_of(variant))
        if rows != right:
            extra, lost = sorted(set(rows) - set(right))[:2], sorted(set(right) - set(rows))[:2]
            wrong[str(variant)] = f"{len(rows)} rows for {len(right)}; {extra} for {lost}"
    assert not wrong, "\n".join(f"{name}: {what}" for name, what in wrong.items())
