"""What is kept between reruns: the workspace, the open board and its readings. Keys are versions, never frames."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

import streamlit as st

from kviboard.board.board import Board, board_without_data
from kviboard.board.context import BoardContext, open_store_of, store_place
from kviboard.board.kvis.all_kvis import kvis_by_grain, view_of
from kviboard.board.kvis.history import Slice
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import ByGrain, read_grains, zoomed
from kviboard.board.kvis.running_period import in_words
from kviboard.board.kvis.targets import with_set_targets
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.opening import opened_board
from kviboard.board.week.restated import restated
from kviboard.caching import shared_cache
from kviboard.catalog import catalog_fingerprint
from kviboard.domain.kvis.kvi import Kvi
from kviboard.errors import KviBoardError, NotBuiltError, StoreError
from kviboard.store import Store
from kviboard.ui.access import permit
from kviboard.ui.filters import first_views
from kviboard.ui.served import once, workspace
from kviboard.warehouse.versions import current_version
from kviboard.workspace import WORKSPACE_VARIABLE

Key = tuple[object, ...]


def board() -> Board:
    """The board on the current version and the query files as they are now. Raises NotBuiltError, WorkspaceError."""
    return _board(board_key())


def board_key() -> Key:
    """Changes when another version is published, a query file or setting changes, or a target is set; part of every
    cache key. Looked up once while a page is drawn."""
    return once("board", _key_now)


def newest_entry() -> int:
    """The number of the newest entry in the store, the key of all that is made of what people wrote. Looked up once
    while a page is drawn. Raises WorkspaceError, StoreError."""
    return once("entry", lambda: store().history.newest())


def _key_now() -> Key:
    here = workspace()
    try:
        version = str(current_version(here))
    except NotBuiltError:
        version = f"none on {date.today()}"  # whose today is the clock's
    return (os.environ.get(WORKSPACE_VARIABLE), id(here), version, catalog_fingerprint(here), targets_set())


def store() -> Store:
    """The store of the workspace's OKRs, targets and notes. Raises StoreError."""
    here = workspace()
    return _store(str(store_place(here)))


def context() -> BoardContext:
    """The board with its store, for everything about OKRs and reviews, which need no export: before the first was
    read, a board without data. Raises WorkspaceError, StoreError."""
    return _context(board_key())


@st.cache_data(ttl=5, show_spinner=False)  # other processes see a new target within seconds; call .clear() after saving
def targets_set() -> int:
    """The number of the newest target set on the board; KVIs are shown without them where the store is out of reach."""
    try:
        return store().kvi_targets.newest()
    except StoreError:
        return 0


def readings(name: str, view: View) -> list[Reading]:
    """The KVI's readings, shared by all sessions: do not change their frames."""
    return _readings(board_key(), name, view)


def every_reading(view: View) -> Mapping[str, Reading]:
    """The reading of every KVI by name, over all of the view's customers and in the grain it has; shared like
    `readings`."""
    return _every_reading(board_key(), replace(view, by=None))


def so_far_in_words(name: str, view: View) -> str:
    """What there is to say of the KVI's running period."""
    return _so_far(board_key(), name, view)


def warm_up() -> None:
    """Read what pages begin with, so that the first visitor does not wait."""
    every_reading(first_views(board())[0])
    with suppress(StoreError):  # its page says what is wrong
        read_quarter(context())


def load_ahead() -> Iterator[None]:
    """Load the tables that nobody has asked for yet, one at each step: what is loaded is read in a fraction of the
    time, and whatever is published meanwhile."""
    with suppress(KviBoardError):
        yield from board().reader.load_ahead()


def read_ahead() -> Iterator[None]:
    """Read what past numbers were before, for This week; every KVI in the other grains, too, a grain at each step; one
    slice in each, after which other slices need no query; and what is expected of each customer, which takes seconds
    where there are a million; for while nobody waits."""
    with suppress(KviBoardError):
        restated(board())
        yield
        views, dimensions = first_views(board()), board().dimensions
        slices = [(name, (value,)) for name in dimensions[:1] for value in board().reader.dimension_values(name)[:1]]
        for view in (*views[1:], *(replace(view, where=(each,)) for each in slices for view in views)):
            every_reading(view)
            yield
        # Fits, and what they need, are imported late.
        from kviboard.board.customers.expected_value import expected_value

        if not board().missing_export(("orders",)):
            expected_value(board())
            yield


@shared_cache(most=3)
def _opened(key: Key) -> Board:
    return opened_board(workspace())


@shared_cache(most=3)
def _board(key: Key) -> Board:
    opened = _opened(key[:-1])
    return with_set_targets(opened, store()) if key[-1] else opened


@shared_cache(most=2)
def _store(place: str) -> Store:
    opened = open_store_of(workspace())
    opened.guard(permit)
    return opened


@shared_cache(most=3)
def _context(key: Key) -> BoardContext:
    try:
        opened = _board(key)
    except NotBuiltError:
        opened = board_without_data(workspace())
    return BoardContext(opened, store())


@shared_cache(most=256)
def _every_reading(key: Key, view: View) -> Mapping[str, Reading]:
    opened = _board(key)
    _read(key, view, kvis_by_grain(opened, view))
    return {name: _readings(key, name, view_of(kvi, view))[0] for name, kvi in opened.kvis.items()}


@shared_cache(most=8192)
def _readings(key: Key, name: str, view: View) -> list[Reading]:
    return zoomed(_read(key, view, {view.grain: [_board(key).kvi(name)]})[view.grain][name], view)


def _read(key: Key, view: View, asked: Mapping[str, Sequence[Kvi]]) -> ByGrain:
    """What is known of the view's customers, with these KVIs in these grains: read once, however many people ask for
    them at once, and whatever range they look at."""
    known = _known(key, view.by, view.where)
    with known.reading:
        missing = {grain: [kvi for kvi in kvis if kvi.name not in known.readings.get(grain, ())]
                   for grain, kvis in asked.items()}  # fmt: skip
        if any(missing.values()):
            for grain, found in read_grains(_board(key), missing, view, known.readings).items():
                known.readings[grain] = {**known.readings.get(grain, {}), **found}
        return dict(known.readings)


@dataclass(frozen=True)
class _Known:
    """The readings of some customers that somebody asked for, by grain and KVI, over all the periods there are."""

    readings: dict[str, dict[str, list[Reading]]] = field(default_factory=dict)
    reading: Lock = field(default_factory=Lock)


@shared_cache(most=128)
def _known(key: Key, by: str | None, where: Slice) -> _Known:
    return _Known()


@shared_cache(most=4096)
def _so_far(key: Key, name: str, view: View) -> str:
    return in_words(_board(key), _readings(key, name, view)[0], view)


def run_again_if_changed(shown: int) -> None:
    """Run the page anew where the store holds something newer than the entry `shown`. For fragments that look again:
    where the store is out of reach, the next look may reach it."""
    try:
        newest = store().history.newest()
    except StoreError:
        return
    if newest != shown:
        st.rerun()
