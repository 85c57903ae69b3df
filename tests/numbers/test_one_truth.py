"""One truth, written as hundreds of exports, is read as the same rows each time; some of them up to the KVIs."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kviboard.workspace import load_workspace
from tests.numbers.one_truth import Variant, settings, truth, write_exports
from tests.warehouse.company import published, refreshed

VARIANTS = 320
CHUNK = 20
TABLES = {
    "orders": ("order_id", "customer_id", "ordered_at", "amount"),
    "responses": ("response_id", "customer_id", "responded_at", "score"),
    "activity": ("customer_id", "occurred_at", "event", "minutes"),
}
Rows = dict[str, list[tuple[object, ...]]]


def expected() -> Rows:
    """The truth as sorted tuples."""
    return {
        table: sorted(tuple(_plain(row[column]) for column in columns) for row in truth()[table])
        for table, columns in TABLES.items()
    }


def found(folder: Path, variant: Variant) -> Rows:
    """What a refresh makes of the truth written as `variant`."""
    write_exports(folder / "exports", variant)
    (folder / "kviboard.toml").write_text(settings(variant), encoding="utf-8")
    workspace = load_workspace(folder)
    refreshed(workspace)
    return {
        table: sorted(
            tuple(map(_plain, row)) for row in published(workspace, f"select {', '.join(columns)} from {table}")
        )
        for table, columns in TABLES.items()
    }


def _plain(value: object) -> object:
    """Times to the nearest minute, because a spreadsheet counts days in binary fractions; numbers as floats."""
    if isinstance(value, datetime):
        return (value + timedelta(seconds=30)).replace(second=0, microsecond=0)
    return round(float(value), 6) if isinstance(value, Decimal | float) else value


@pytest.mark.parametrize("first", range(0, VARIANTS, CHUNK))
def test_however_it_is_written_it_is_read_as_the_same_rows(tmp_path: Path, first: int) -> None:
    right = expected()
    wrong = {}
    for number in range(first, first + CHUNK):
        variant = Variant.of(number)
        try:
            rows = found(tmp_path / str(number), variant)
        except Exception as error:  # a refusal is honest, but none of these needs one
            wrong[str(variant)] = str(error)[:600]
            continue
        for table in TABLES:
            if rows[table] != right[table]:
                extra, lost = (
                    sorted(set(a) - set(b))[:2] for a, b in ((rows[table], right[table]), (right[table], rows[table]))
                )
                wrong[f"{variant}: {table}"] = f"{len(rows[table])} rows for {len(right[table])}; {extra} for {lost}"
    assert not wrong, "\n".join(f"{name}: {what}" for name, what in wrong.items())
