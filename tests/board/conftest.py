"""A tiny company whose numbers fit in a head: three customers, orders and answers of the first weeks of 2026."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.context import BoardContext
from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.catalog import Catalog, load_catalog
from kviboard.catalog.files import tables_read
from kviboard.store import FILE_NAME
from kviboard.warehouse.fingerprints import short_hash
from kviboard.warehouse.origin import needs_refresh
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.versions import current_version, list_versions
from kviboard.workspace import CONFIG_NAME, Workspace, load_workspace
from tests.board.okrs.given import context_on, empty_store
from tests.once import once, shared_folder

ALL, OF_KVIS = "all", "of KVIs"  # marts
MOST_OPEN = 8  # warehouses in memory

CONFIG = """
dimensions = ["country"]

[company]
name = "Tiny"
as_of = 2026-03-12

[sources.customers]
files = "exports/customers.csv"

[sources.orders]
files = "exports/orders.csv"

[sources.responses]
files = "exports/responses.csv"

[sprints]
first_day = 2026-01-05
days = 14

[[targets]]
kvi = "turnover"
value = 100
"""
ORDERS_ALONE = re.sub(r"\[sources\.(customers|responses)\]\n.*\n", "", CONFIG)
"""One export is staged in half the time of three, where dozens of boards are built."""

CUSTOMERS = "customer_id,country,signed_up_on\na,NL,2026-01-01\nb,NL,2026-01-02\nc,DE,2026-01-03\n"
ORDERS = """order_id,customer_id,ordered_at,amount
1,a,2026-01-01,10.00
2,b,2026-01-10,20.00
3,c,2026-01-31,5.50
4,a,2026-02-03,7.25
5,a,2026-03-10,100.00
"""
RESPONSES = """response_id,customer_id,responded_at,score
1,a,2026-01-01,10
2,b,2026-01-20,3
3,c,2026-03-12,8
"""
KVI = """/*---
title: {title}
customer_benefit: Customers get what they came for.
company_value: They pay for it.
value: {value}
unit: currency
better: up
needs: [orders]
judged: {judged}
{more}
---*/
{body}
"""


def kvi_file(
    value: str = "sum(revenue)",
    body: str = "select * from daily",
    more: str = "",
    title: str = "Turnover",
    judged: str = "month",
) -> str:
    return KVI.format(value=value, body=body, more=more, title=title, judged=judged)


def write_tiny(
    folder: Path, orders: str = ORDERS, responses: str = RESPONSES, config: str = CONFIG, **kvis: str
) -> Workspace:
    """The tiny company's files in `folder`; keyword arguments are KVI files by name. Raises TypeError for one that is
    no query: whoever gives orders under a wrong name would test without them."""
    for name, text in kvis.items():
        if "select" not in text.lower():
            raise TypeError(f"{name} is no KVI's file, and no argument of this function")
    (folder / "exports").mkdir(exist_ok=True)
    (folder / "queries" / "kvis").mkdir(parents=True, exist_ok=True)
    (folder / "kviboard.toml").write_text(config)
    for name, text in (("customers", CUSTOMERS), ("orders", orders), ("responses", responses)):
        (folder / "exports" / f"{name}.csv").write_text(text)
    for name, text in (kvis or {"turnover": kvi_file()}).items():
        (folder / "queries" / "kvis" / f"{name}.sql").write_text(text)
    return load_workspace(folder)


def build_tiny(folder: Path, *exports: str, **kvis: str) -> Board:
    """Builds and opens a board on the tiny company in `folder`; arguments as of `write_tiny`."""
    workspace = write_tiny(folder, *exports, **kvis)
    refresh_if_needed(workspace)
    return open_board(workspace)


@pytest.fixture(scope="session")
def warehouses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What refreshes made, in a folder for each set of settings and exports: copying it is ten times as quick. All
    workers of a run share it."""
    folder = shared_folder(tmp_path_factory) / "warehouses"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def tiny_workspace(tmp_path: Path, warehouses: Path) -> Callable[..., Workspace]:
    """Builds the tiny company's workspace, with an empty store; keyword arguments are KVI files by name. `marts` says
    which are built: see `refresh_or_copy`."""

    def build(
        orders: str = ORDERS, responses: str = RESPONSES, config: str = CONFIG, marts: str = ALL, **kvis: str
    ) -> Workspace:
        workspace = write_tiny(tmp_path, orders, responses, config, **kvis)
        refresh_or_copy(workspace, warehouses, marts)
        if not (place := workspace.state / FILE_NAME).exists():
            place.write_bytes(empty_store())
        return workspace

    return build


OpenReader = Callable[[Workspace, Path], Reader]


@pytest.fixture(scope="session")
def open_reader(tmp_path_factory: pytest.TempPathFactory) -> OpenReader:
    """Opens one of `warehouses`, once while test after test asks the same of it."""
    readers: dict[Path, Reader] = {}

    def opened(workspace: Workspace, made: Path) -> Reader:
        if made not in readers:
            state = shutil.copytree(made, tmp_path_factory.mktemp("open") / "state")  # a reader writes into it, too
            readers[made] = Reader(workspace.model_copy(update={"state": state}), current_version(workspace))
        readers[made] = reader = readers.pop(made)
        for oldest in list(readers)[:-MOST_OPEN]:
            del readers[oldest]
        return reader

    return opened


@pytest.fixture
def tiny(tiny_workspace: Callable[..., Workspace], warehouses: Path, open_reader: OpenReader) -> Callable[..., Board]:
    """Builds and opens a board on the tiny company; arguments as of `tiny_workspace`. Of the marts it has those that
    KVIs read, unless a test asks for others."""

    def opened(*exports: str, marts: str = OF_KVIS, **more: str) -> Board:
        workspace = tiny_workspace(*exports, marts=marts, **more)
        made = _made(workspace, warehouses, _built(workspace, marts))
        if not made.exists() or len(list_versions(workspace)) > 1:
            return open_board(workspace)
        return Board(workspace, load_catalog(workspace), open_reader(workspace, made))

    return opened


def refresh_or_copy(workspace: Workspace, warehouses: Path, marts: str = ALL) -> None:
    """Refresh; a workspace that never was takes what another test's refresh made of the same settings and exports.

    With the name of a mart, or `OF_KVIS`, no more than that and what it is made of: two thirds of a refresh, where a
    test reads nothing else.
    """
    catalog = _built(workspace, marts)
    if workspace.state.exists():
        if needs_refresh(workspace, catalog):
            refresh(workspace, catalog)
        return

    def make(made: Path) -> None:
        refresh(workspace, catalog)
        shutil.copytree(workspace.state, made)

    made = once(_made(workspace, warehouses, catalog), make)
    if not workspace.state.exists():
        shutil.copytree(made, workspace.state)


def _made(workspace: Workspace, warehouses: Path, catalog: Catalog) -> Path:
    """Where what a refresh makes of a workspace's settings, exports and staging is kept."""
    root = workspace.root
    files = [root / CONFIG_NAME, *sorted((root / "exports").iterdir()), *sorted(root.glob("queries/staging/*"))]
    return warehouses / short_hash(*catalog.marts, *(f"{file.name}: {file.read_text()}" for file in files))


def _built(workspace: Workspace, marts: str) -> Catalog:
    """The catalogue with some marts and those that they read, without checks; or the whole one."""
    catalog = load_catalog(workspace)
    if marts == ALL:
        return catalog
    read = {table for kvi in catalog.kvis.values() for table in tables_read(kvi.sql)} if marts == OF_KVIS else {marts}
    read |= {"repeated_answers"} if marts == OF_KVIS else set()  # by the intervals of KVIs
    needed, left = set[str](), [*(read & catalog.marts.keys())]
    while left:
        needed.add(name := left.pop())
        left += [*(tables_read(catalog.marts[name].sql) & catalog.marts.keys() - needed)]
    return replace(catalog, marts={name: query for name, query in catalog.marts.items() if name in needed}, checks={})


@pytest.fixture(scope="session")
def tiny_board(tmp_path_factory: pytest.TempPathFactory, warehouses: Path) -> Board:
    """The tiny company's board, opened once: what tests do with it is kept in stores of their own."""
    workspace = write_tiny(tmp_path_factory.mktemp("tiny"))
    refresh_or_copy(workspace, warehouses)
    return open_board(workspace)


@pytest.fixture
def context(tiny_board: Board, tmp_path: Path) -> Iterator[BoardContext]:
    """The tiny company's board with an empty store. Turnover: 35.50 in January, 7.25 in February; orders end on
    10 March, all data on 12 March 2026."""
    opened = context_on(tiny_board, tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def sample_context(sample_board: Board, tmp_path: Path) -> Iterator[BoardContext]:
    """The sample's board with an empty store."""
    opened = context_on(sample_board, tmp_path)
    yield opened
    opened.store.close()
