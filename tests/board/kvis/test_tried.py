"""What a company's own query makes of a little is found out apart and named; what only adds up is not tried."""

import os
import resource
from collections.abc import Callable
from dataclasses import replace

import pytest

from kviboard.apart import Apart, allowed_gigabytes
from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvis
from kviboard.board.views.views import read_view
from kviboard.catalog.files import QueryFile
from kviboard.catalog.view_file import read_view as read_view_file
from kviboard.errors import QueryError
from kviboard.warehouse import tried
from tests.board.conftest import kvi_file

DOUBLES = "with recursive r(n, t) as (select 1, 'x' union all select n + 1, t || t from r where n < 40) "
BOMBS = {
    "doubles": f"{DOUBLES} select d.day, length(r.t) as revenue from daily d, r",
    "replaces": "select day, length(replace(replace(repeat('x', 1000), 'x', repeat('x', 1000)), 'x', "
    "repeat('y', 1000))) as revenue from daily, range(9)",
}
VIEW = """/*---
title: Letters
row: one row per letter
columns:
  letters: number
---*/
"""
needs_limits = pytest.mark.skipif(allowed_gigabytes() is None or os.name == "nt", reason="the system has no limits")


@needs_limits
@pytest.mark.parametrize("name", BOMBS)
def test_what_makes_too_much_of_a_little_is_named_and_the_others_are_shown(
    tiny: Callable[..., Board], name: str
) -> None:
    board = tiny(bomb=kvi_file(body=BOMBS[name]), turnover=kvi_file())
    before = resource.getrusage(resource.RUSAGE_SELF)
    found = read_kvis(board, [board.kvis["bomb"], board.kvis["turnover"]], View("month"))
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert found["bomb"][0].trouble.startswith("queries/kvis/bomb.sql: ")
    assert "takes more than 1.5 seconds of computing, or more memory than" in found["bomb"][0].trouble
    assert found["turnover"][0].value is not None
    assert after.ru_maxrss - before.ru_maxrss < 100_000  # kB: this process saw nothing of it
    assert after.ru_utime - before.ru_utime < 1


def test_a_view_is_tried_as_well(tiny: Callable[..., Board]) -> None:
    board = tiny()
    sql = f"{VIEW}{DOUBLES} select length(t) as letters from r"
    view, _ = read_view_file(QueryFile("letters", "queries/views/letters.sql", sql, built_in=False))
    assert view is not None
    own = replace(board, catalog=replace(board.catalog, views={"letters": view}))
    with pytest.raises(QueryError, match=r"^Letters takes more than 1\.5 seconds of computing"):
        read_view(own, "letters", View("month"))


def test_each_text_is_tried_once_and_what_only_adds_up_rows_never(
    tiny: Callable[..., Board], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(Apart, "__call__", lambda _, function, *given: asked.append(given[4]))
    plain = "select day, customer_id, case when amount > 3 then 1 else 0 end as revenue from orders where amount > 0"
    joined = "select o.day, o.amount as revenue from orders as o inner join customers using (customer_id)"
    board = tiny(plain=kvi_file(body=plain), joined=kvi_file(body=joined))
    for grain in ("month", "day"):
        read_kvis(board, [board.kvis["plain"], board.kvis["joined"]], View(grain))
    assert len(asked) == 1
    assert joined in asked[0]


def test_what_comes_with_the_board_is_not_tried(tiny: Callable[..., Board], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tried, "Apart", None)
    board = tiny(own=kvi_file(body="select day, amount as revenue from orders"))
    assert [name for name, kvi in board.catalog.kvis.items() if kvi.is_own] == ["own"]
    assert all(found[0].trouble == "" for found in read_kvis(board, list(board.kvis.values()), View("month")).values())
