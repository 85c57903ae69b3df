"""One truth, written as hundreds of exports, is read as the same rows each time: what a KVI is made of.

Marts and KVIs are computed from these rows alone, so the same rows are the same KVIs; that they are right is tested
beside this file.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from kviboard.errors import KviBoardError
from kviboard.workspace import Workspace, load_workspace
from tests.numbers.one_truth import Variant, settings, truth, write_exports
from tests.warehouse.staged import published, refreshed

VARIANTS, CHUNK = 320, 20
COLUMNS = {
    "orders": ("order_id", "customer_id", "ordered_at", "amount"),
    "responses": ("response_id", "customer_id", "responded_at", "score"),
    "activity": ("customer_id", "occurred_at", "event", "minutes"),
}
TURNS = ("orders", "responses", "activity")
"""Which table a variant writes. Each refresh reads one of each."""
Rows = list[tuple[object, ...]]


def table_of(variant: Variant) -> str:
    return TURNS[variant.number % len(TURNS)]


@cache
def expected(table: str) -> Rows:
    """The truth as sorted tuples."""
    return sorted(tuple(_plain(row[column]) for column in COLUMNS[table]) for row in truth()[table])


def companies(variants: Iterable[Variant]) -> list[dict[str, Variant]]:
    """The variants as few companies, each of which writes a table as one of them has it."""
    made: list[dict[str, Variant]] = []
    for variant in variants:
        table = table_of(variant)
        free = next((company for company in made if table not in company), None)
        if free is None:
            made.append(free := {})
        free[table] = variant
    return made


def found(folder: Path, company: Mapping[str, Variant]) -> dict[Variant, Rows | str]:
    """What a refresh makes of the truth as each variant of a company writes it: rows, or why it refuses.

    Who is refused together is asked again alone, so that the others are judged and the one at fault has a name.
    """
    write_exports(folder / "exports", company)
    (folder / "kviboard.toml").write_text(settings(company), encoding="utf-8")
    workspace = load_workspace(folder)
    try:
        refreshed(workspace)
    except KviBoardError as error:
        if len(company) == 1:
            return dict.fromkeys(company.values(), str(error)[:600])
        alone = [found(folder / table, {table: variant}) for table, variant in company.items()]
        return {variant: rows for each in alone for variant, rows in each.items()}
    return {variant: _rows(workspace, table) for table, variant in company.items()}


def _rows(workspace: Workspace, table: str) -> Rows:
    rows = published(workspace, f"select {', '.join(COLUMNS[table])} from {table}")
    return sorted(tuple(map(_plain, row)) for row in rows)


def _plain(value: object) -> object:
    """Times to the nearest minute, because a spreadsheet counts days in binary fractions; numbers as floats."""
    if isinstance(value, datetime):
        return (value + timedelta(seconds=30)).replace(second=0, microsecond=0)
    return round(float(value), 6) if isinstance(value, Decimal | float) else value


@pytest.mark.parametrize("first", range(0, VARIANTS, CHUNK))
def test_however_it_is_written_it_is_read_as_the_same_rows(tmp_path: Path, first: int) -> None:
    variants = [Variant.of(number) for number in range(first, first + CHUNK)]
    outcomes: dict[Variant, Rows | str] = {}
    for number, company in enumerate(companies(variants)):
        outcomes |= found(tmp_path / str(number), company)
    assert set(outcomes) == set(variants)
    wrong = {}
    for variant, rows in outcomes.items():
        right = expected(table_of(variant))
        if isinstance(rows, str):  # a refusal is honest, but none of these needs one
            wrong[str(variant)] = rows
        elif rows != right:
            extra, lost = sorted(set(rows) - set(right))[:2], sorted(set(right) - set(rows))[:2]
            wrong[str(variant)] = f"{len(rows)} rows for {len(right)}; {extra} for {lost}"
    assert not wrong, "\n".join(f"{name}: {what}" for name, what in wrong.items())
