"""What the board says of its exports, against a shop whose flaws are counted by hand."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.exports import (
    SourceReport,
    coverages,
    look_at_exports,
    not_exported,
    reasons,
    rejected_rows,
    waiting,
)
from kviboard.board.exports.maintenance import go_back, refresh_now
from kviboard.domain.kvis.coverage import Gap
from kviboard.errors import QueryError
from kviboard.workspace import Workspace, load_workspace
from tests.board.exports.flawed import DUPLICATES, KEPT, READ, REJECTED, REPLACED, refreshed_flawed, write_flawed_shop  # noqa: F401


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    return load_workspace(write_flawed_shop(tmp_path / "shop"))


@pytest.fixture
def board(shop: Workspace, refreshed_flawed: Path) -> Board:  # noqa: F811
    shutil.copytree(load_workspace(refreshed_flawed).state, shop.state)
    return open_board(shop)


def source(board: Board, name: str) -> SourceReport:
    return next(source for source in look_at_exports(board.workspace, board).sources if source.name == name)


def test_rows_read_are_rows_kept_rejected_replaced_and_duplicates(board: Board):
    (feed,) = source(board, "orders").feeds
    fields = ("rows_read", "rows_kept", "rows_rejected", "rows_duplicate", "rows_replaced")
    assert [feed.total(field) for field in fields] == [READ, KEPT, REJECTED, DUPLICATES, REPLACED]
    assert (feed.table, feed.role) == ("orders", "rows")
    assert (feed.reach.data_from, feed.reach.data_through) == (date(2026, 1, 1), date(2026, 1, 12))


def test_a_file_is_named_as_people_say_it_with_its_size(board: Board):
    (file,) = source(board, "orders").files
    assert (file.name, file.change) == ("exports/orders.csv", "")
    assert file.size == (board.workspace.root / "exports" / "orders.csv").stat().st_size
    assert [row.rows_read for row in file.rows] == [READ]


def test_a_source_without_files_says_what_to_do(board: Board):
    responses = source(board, "responses")
    assert (responses.files, responses.feeds) == ((), ())
    assert "exports/responses.csv" in str(responses.missing)


def test_what_is_not_exported_is_listed_with_the_kvis_that_wait_for_it(board: Board):
    exports = look_at_exports(board.workspace, board)
    assert not_exported(exports) == ["activity", "responses", "invitations", "tickets", "sprints", "releases"]
    lacking = waiting(board)
    assert "Net Promoter Score" in lacking["the responses export"]
    assert "Stickiness" in lacking["the activity export"]
    assert "Turnover from very satisfied customers (8+)" in lacking["the responses export"]


def test_a_missing_export_is_a_note_and_said_once(board: Board):
    notes = look_at_exports(board.workspace, board).notes
    assert [note.where for note in notes].count("kviboard.toml, [sources.responses] files") == 1


def test_days_without_orders_are_gaps(board: Board):
    found = coverages(board)
    assert set(found) == {"orders"}
    assert found["orders"].days_with_rows == 3
    assert found["orders"].gaps == (
        Gap(date(2026, 1, 2), date(2026, 1, 9), 8),
        Gap(date(2026, 1, 11), date(2026, 1, 11), 1),
    )


def test_each_reason_is_counted_with_an_example(board: Board):
    found = reasons(board)
    told = [(r.kind, r.reason, r.row_count, r.line, r.value) for r in found.fillna("").itertuples()]
    assert told == [
        ("rejected", "amount is not an amount", 1, 4, "x"),
        ("rejected", "customer_id is missing", 1, 5, ""),
        ("rejected", "the line has 1 column where the header has 4", 1, 9, "broken"),
        ("replaced", "order_id is there again with other values; the last one is kept", 1, 3, "2"),
    ]
    assert set(found["file"]) == {"exports/orders.csv"}


def test_a_reason_has_three_examples_at_most_and_scores_out_of_range_are_one_reason(tmp_path: Path):
    folder = write_flawed_shop(tmp_path / "shop")
    scores = "\n".join(f"r{n},a,2026-01-0{n + 1},{score}" for n, score in enumerate((11, 12, -1, 99, 9, 8, 7, 6)))
    (folder / "exports" / "responses.csv").write_text(f"response_id,customer_id,responded_at,score\n{scores}\n")
    workspace = load_workspace(folder)
    refresh_now(workspace)
    found = reasons(open_board(workspace))
    outside = found[found["column_name"] == "score"]
    assert outside["reason"].unique().tolist() == ["score is outside 0–10"]
    assert outside["row_count"].unique().tolist() == [4]
    assert outside["value"].tolist() == ["11", "12", "-1"]


def test_all_rows_set_aside_can_be_had(board: Board):
    rows = rejected_rows(board)
    assert rows["line"].tolist() == [3, 4, 5, 9]
    assert list(rows.columns) == ["source", "table_name", "kind", "file", "line", "column_name", "value", "reason"]


def test_nothing_changed_right_after_a_refresh(board: Board):
    exports = look_at_exports(board.workspace, board)
    assert exports.changes == ()
    assert exports.is_newest


def test_new_changed_and_vanished_files_and_settings_are_changes(board: Board):
    root = board.workspace.root
    (root / "exports" / "orders-2.csv").write_text("order_id,customer_id,ordered_at,amount\n9,a,2026-02-01,1\n")
    (root / "exports" / "customers.csv").unlink()
    orders = root / "exports" / "orders.csv"
    orders.write_text(orders.read_text() + "\n")
    config = root / "kviboard.toml"
    config.write_text(config.read_text().replace("max_reject_share = 0.5", "max_reject_share = 0.6"))
    exports = look_at_exports(load_workspace(root), board)
    assert sorted(exports.changes) == [
        "exports/customers.csv is gone",
        "exports/orders-2.csv is new",
        "exports/orders.csv was changed",
        "kviboard.toml was changed",
    ]
    files = {file.name: file.change for source in exports.sources for file in source.files}
    assert files == {
        "exports/orders-2.csv": "new",
        "exports/orders.csv": "changed",
        "exports/customers.csv": "gone",
    }


def test_before_the_first_refresh_the_files_are_there_and_nothing_else(shop: Workspace):
    exports = look_at_exports(shop, None)
    assert (exports.version, exports.versions, exports.changes) == (None, (), ())
    files = {file.name: (file.size is not None, file.rows) for source in exports.sources for file in source.files}
    assert files == {"exports/customers.csv": (True, ()), "exports/orders.csv": (True, ())}
    assert [note.where for note in exports.notes] == ["kviboard.toml, [sources.responses] files"]


def test_after_going_back_an_older_version_is_in_use_and_the_newer_one_is_still_there(board: Board):
    first = board.reader.version
    refresh_now(board.workspace)
    go_back(board.workspace, first)
    exports = look_at_exports(board.workspace, open_board(board.workspace))
    assert exports.version.version == first
    assert [version.version for version in exports.versions][1] == first
    assert not exports.is_newest


def test_a_source_may_feed_a_table_be_looked_up_and_make_others(tmp_path: Path):
    folder = write_flawed_shop(tmp_path / "shop")
    config = folder / "kviboard.toml"
    config.write_text(config.read_text() + '\n[sources.people]\nfiles = "exports/people.csv"\n')
    (folder / "exports" / "people.csv").write_text("customer_id,person\na,p\nb,p\n")
    (folder / "queries" / "staging").mkdir(parents=True)
    (folder / "queries" / "staging" / "orders.sql").write_text(
        "-- one row per order\n"
        "select orders.* exclude (customer_id), people.person as customer_id from source.orders as orders "
        "left join source.people as people on orders.customer_id = people.customer_id"
    )
    (folder / "queries" / "staging" / "activity.sql").write_text(
        "-- one row per order\nselect customer_id, ordered_at as occurred_at from source.orders where customer_id <> ''"
        " and ordered_at is not null"
    )
    workspace = load_workspace(folder)
    refresh_now(workspace)
    board = open_board(workspace)
    assert [(feed.table, feed.role) for feed in source(board, "orders").feeds] == [
        ("orders", "rows"),
        ("activity", "derived"),
    ]
    (people,) = source(board, "people").feeds
    assert (people.role, people.total("rows_read")) == ("lookup", 2)


def test_a_broken_view_of_the_workspace_is_said_in_a_sentence(board: Board):
    views = board.workspace.root / "queries" / "views"
    views.mkdir(parents=True)
    (views / "rejected_reasons.sql").write_text("-- one row per reason\nselect from where")
    head = "/*---\ntitle: Days\nrow: one row per day\ncolumns:\n  day: day\n---*/\n"
    (views / "days_with_rows.sql").write_text(f"{head}select * from nowhere")
    again = open_board(board.workspace)
    with pytest.raises(QueryError, match=r"rejected_reasons\.sql is broken"):
        reasons(again)
    with pytest.raises(QueryError, match="nowhere"):
        coverages(again)
