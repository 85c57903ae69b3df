"""A workspace of a few customers and 100 days, with as many exports as a test wants: written in milliseconds, or taken
from one that was refreshed before."""

import csv
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from kviboard.board.context import open_store_of
from kviboard.board.exports.maintenance import refresh_now
from kviboard.warehouse.fingerprints import short_hash
from kviboard.workspace import CONFIG_NAME, load_workspace
from tests.once import once, shared_folder

FIRST_DAY, DAYS, CUSTOMERS = date(2026, 1, 1), 100, 8
HEADS = {
    "customers": ("customer_id", "signed_up_on", "acquisition", "country"),
    "activity": ("customer_id", "occurred_at", "minutes"),
    "orders": ("order_id", "customer_id", "ordered_at", "amount", "product"),
    "responses": ("response_id", "customer_id", "responded_at", "score"),
    "tickets": ("ticket_id", "customer_id", "opened_at", "kind"),
}


def write_shop(folder: Path, exports: tuple[str, ...] = tuple(HEADS), days: int = DAYS) -> Path:
    """A workspace in `folder` whose kviboard.toml names all exports, of which only `exports` are there, as they are
    after so many `days` of the year, the last of which it stays."""
    (folder / "exports").mkdir(parents=True)
    sources = "\n".join(f'[sources.{name}]\nfiles = "exports/{name}.csv"\n' for name in HEADS)
    stays = FIRST_DAY + timedelta(days - 1)
    company = f'[company]\nname = "Small shop"\nas_of = {stays}\nvision = "Everybody finds what they need."\n'
    (folder / "kviboard.toml").write_text(f'dimensions = ["country"]\n\n{company}\n{sources}', encoding="utf-8")
    for name in exports:
        with (folder / "exports" / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([HEADS[name], *_rows(name, days)])
    return folder


Shops = Callable[..., Path]
"""Puts a refreshed shop with an empty store into a folder: `shops(folder, settings="", exports=…, days=…)`."""


@pytest.fixture(scope="session")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Shops:
    """Copies of shops, each refreshed once for all workers of a run."""

    def shop(folder: Path, settings: str = "", exports: tuple[str, ...] = tuple(HEADS), days: int = DAYS) -> Path:
        def make(template: Path) -> None:
            write_shop(template, exports, days)
            with (template / CONFIG_NAME).open("a", encoding="utf-8") as config:
                config.write(settings)
            workspace = load_workspace(template)
            refresh_now(workspace)
            with closing(open_store_of(workspace)):
                pass

        made = once(shared_folder(tmp_path_factory) / f"shop {short_hash(settings, str(days), *exports)}", make)
        return Path(shutil.copytree(made, folder))

    return shop


def _rows(name: str, days: int) -> list[tuple[object, ...]]:
    if name == "customers":
        return [(f"C{n}", FIRST_DAY + timedelta(n), "earned", "NL" if n % 2 else "DE") for n in range(CUSTOMERS)]
    return [
        _row(name, f"{name[0].upper()}{day}-{customer}", f"C{customer}", FIRST_DAY + timedelta(day), day + customer)
        for day in range(CUSTOMERS, days)
        for customer in range(CUSTOMERS)
        if (day * 7 + customer * 3) % 5 < 2
    ]


def _row(name: str, key: str, customer: str, day: date, number: int) -> tuple[object, ...]:
    rest = {
        "activity": (customer, day, number % 30),
        "orders": (key, customer, day, f"{10 + number % 20}.50", f"P{number % 3}"),
        "responses": (key, customer, day, number % 11),
        "tickets": (key, customer, day, "complaint" if number % 2 else "question"),
    }
    return rest[name]
