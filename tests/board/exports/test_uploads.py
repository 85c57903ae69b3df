"""New files: kept until decided, tried as a refresh would, taken in whole or not at all."""

import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pandas as pd
import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.names import find_target, likely_name
from kviboard.board.exports.setup import look_at, plan_for, try_plan
from kviboard.board.exports.setup_files import Company
from kviboard.board.exports.uploads import (
    Upload,
    discard,
    likely_source,
    preview,
    receive,
    remove_expired,
    take_in,
    waiting_uploads,
)
from kviboard.errors import GivenUpError, UsageError
from kviboard.warehouse.files.discovery import find_files
from kviboard.workspace import Workspace, load_workspace
from kviboard.workspace.settings import Uploads
from tests.board.exports.flawed import CUSTOMERS, refreshed_flawed, write_flawed_shop  # noqa: F401 (a fixture)

HEAD = "order_id,customer_id,ordered_at,amount\n"
GOOD = HEAD + "".join(f"n{n},a,2026-01-{n:02},3.00\n" for n in range(1, 21))


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    return load_workspace(write_flawed_shop(tmp_path / "shop"))


@pytest.fixture(scope="module")
def opened(refreshed_flawed: Path) -> Board:  # noqa: F811
    return open_board(load_workspace(refreshed_flawed))


@pytest.fixture
def board(shop: Workspace, opened: Board) -> Board:
    """The board of a copy of it, whose tables are the same."""
    shutil.copytree(opened.workspace.state, shop.state)
    return replace(opened, workspace=shop)


def send(workspace: Workspace, name: str, content: str | bytes) -> Upload:
    return receive(workspace, name, io.BytesIO(content.encode() if isinstance(content, str) else content))


def exported(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (workspace.root / "exports").iterdir()}


def test_a_file_waits_until_somebody_decides(shop: Workspace):
    before = exported(shop)
    upload = send(shop, "december.csv", GOOD)
    assert waiting_uploads(shop) == [upload]
    assert upload.path.read_text() == GOOD
    assert exported(shop) == before
    discard(upload)
    assert waiting_uploads(shop) == []
    assert not upload.is_waiting


def test_the_latest_file_comes_first(shop: Workspace):
    first, second = send(shop, "a.csv", GOOD), send(shop, "b.csv", GOOD)
    assert waiting_uploads(shop) == [second, first]


def test_of_files_with_one_name_each_is_kept_and_the_same_only_once(shop: Workspace) -> None:
    first, other, third = send(shop, "a.csv.gz", "1"), send(shop, "a.csv.gz", "2"), send(shop, "a.csv.gz", "3")
    assert [upload.name for upload in (first, other, third)] == ["a.csv.gz", "a-2.csv.gz", "a-3.csv.gz"]
    assert (send(shop, "a.csv.gz", "2"), send(shop, "a.csv.gz", "1")) == (other, first)
    assert [upload.path.read_text() for upload in waiting_uploads(shop)] == ["3", "2", "1"]
    assert send(shop, "a.v1.csv", "1").name == "a.v1.csv"
    assert send(shop, "a.v1.csv", "2").name == "a.v1-2.csv"


@pytest.mark.parametrize("name", ["report.pdf", "photo.png", "", "orders", "..", "notes.docx"])
def test_a_wrong_kind_of_file_is_refused_by_name(shop: Workspace, name: str):
    with pytest.raises(UsageError, match="no export that the board can read"):
        send(shop, name, "x")
    assert waiting_uploads(shop) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/orders.csv", "orders.csv"), ("C:\\temp\\orders.csv", "orders.csv"), (".orders.csv", "orders.csv"),
     ("a\x00b<c>.csv", "a_b_c_.csv"), ("Büro 11.csv", "Büro 11.csv")],
)  # fmt: skip
def test_a_name_leads_nowhere_but_into_the_inbox(shop: Workspace, name: str, kept: str):
    upload = send(shop, name, GOOD)
    assert upload.name == kept
    assert upload.path.parent.parent == shop.state / "uploads"


def test_its_source_is_guessed_by_name_then_by_columns(shop: Workspace, board: Board):
    assert likely_source(shop, board, send(shop, "customers.csv", GOOD)) == "customers"
    assert likely_source(shop, board, send(shop, "december.csv", GOOD)) == "orders"
    assert likely_source(shop, board, send(shop, "people.csv", CUSTOMERS)) == "customers"
    assert likely_source(shop, None, send(shop, "people.csv", CUSTOMERS)) == "customers"
    assert [likely_source(shop, board, send(shop, f"All {name}.json", "{")) for name in shop.sources] == [*shop.sources]


@pytest.mark.parametrize(
    ("source", "sent", "proposed"),
    [
        ("orders", "orders-2026-02.csv", "orders-2026-02.csv"),
        ("orders", "december.csv", "ordersdecember.csv"),
        ("orders", "december.xlsx", ""),
        ("orders", "december.csv.gz", ""),
        ("orders", "december.tsv", "ordersdecember.csv"),
        ("customers", "people.csv", "customers.csv"),
    ],
)
def test_a_name_that_the_source_reads_is_proposed(shop: Workspace, source: str, sent: str, proposed: str):
    assert likely_name(shop, source, sent) == proposed


@pytest.mark.parametrize(
    "name", ["other.csv", "orders.txt", "../orders1.csv", ".orders.csv", "orders.csv.part", "", "orders\0.csv"]
)
def test_a_name_that_the_source_would_not_read_is_refused(shop: Workspace, name: str):
    with pytest.raises(UsageError, match=r"exports/orders\*\.csv"):
        find_target(shop, "orders", "orders1.csv", name)


@pytest.mark.parametrize("many", ["x" * 300, "é" * 120])
def test_a_name_longer_than_files_have_is_refused(shop: Workspace, many: str):
    with pytest.raises(UsageError, match="is longer than 220 bytes; choose a shorter file name"):
        find_target(shop, "orders", "orders1.csv", f"orders{many}.csv")


def test_a_form_that_the_source_does_not_read_is_said(shop: Workspace):
    with pytest.raises(UsageError, match=r"december\.xlsx is a spreadsheet"):
        find_target(shop, "orders", "december.xlsx", "december.xlsx")


def test_a_preview_shows_what_a_refresh_would_make_of_it(shop: Workspace, board: Board):
    content = GOOD + "bad,a,2026-01-05,abc\n2,b,2026-01-06,22.00\nshort,line\n"
    found = preview(shop, board, send(shop, "december.csv", content.replace(",", ";")), "orders", "orders-2.csv")
    (own,) = found.own
    # 23 lines: 20 good, one without an amount, one broken; order 2 is there again, and this file is later.
    assert (own.rows_read, own.rows_kept, own.rows_rejected, own.rows_replaced) == (23, 21, 2, 0)
    assert (found.target, found.replaces, found.problems, found.repeats) == ("exports/orders-2.csv", "", (), 1)
    assert found.file.written_as == "Text with semicolons between values, UTF-8"
    assert [(column.name, column.feeds) for column in found.file.columns] == [
        ("order_id", ("orders.order_id",)),
        ("customer_id", ("orders.customer_id",)),
        ("ordered_at", ("orders.ordered_at",)),
        ("amount", ("orders.amount",)),
    ]
    assert found.file.rows["order_id"].tolist() == ["n1", "n2", "n3", "n4", "n5"]
    reasons = found.file.reasons
    assert sorted(reasons[reasons["kind"] == "rejected"]["line"]) == [22, 24]


def test_rows_of_other_files_that_it_has_again_are_counted(shop: Workspace, board: Board):
    found = preview(shop, board, send(shop, "orders1.csv", GOOD + "1,a,2026-01-09,9.00\n"), "orders", "ordersz.csv")
    assert found.repeats == 1


def test_a_preview_publishes_nothing_and_leaves_nothing(shop: Workspace, board: Board):
    upload = send(shop, "december.csv", GOOD)
    before = exported(shop)
    preview(shop, board, upload, "orders", "orders-2.csv")
    assert exported(shop) == before
    assert [path.name for path in upload.path.parent.iterdir()] == ["december.csv"]
    assert open_board(shop).reader.version == board.reader.version


def test_a_file_of_the_same_name_is_left_out_of_the_preview(shop: Workspace, board: Board):
    found = preview(shop, board, send(shop, "orders.csv", GOOD), "orders", "orders.csv")
    assert found.replaces == ".kviboard/replaced/orders.csv"
    assert [row.rows_kept for row in found.file.ledger] == [20]


def test_a_preview_works_before_the_first_refresh(shop: Workspace):
    assert preview(shop, None, send(shop, "december.csv", GOOD), "orders", "orders-2.csv").problems == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        (b"%PDF-1.4\x00\x01", "is not text"),
        ("order_id,customer_id\n1,a\n", "Not one row of it can be used; most often ordered_at is missing."),
        ("some,other\n1,2\n", "no column that orders uses"),
        (HEAD + "7,a,yesterday,1\n" * 9, "Not one row of it can be used; most often ordered_at is not a date."),
        (HEAD + "".join(f"{n},a,yesterday,1\n" for n in range(20)) + "x,a,2026-01-05,1\n", "more than 50%"),
        (HEAD + '7,a,"2026-01-01,1\n', "never closed"),
    ],
    ids=["empty", "binary", "no amounts", "other columns", "bad dates", "many bad dates", "cut off"],
)
def test_what_a_refresh_would_refuse_is_a_problem(shop: Workspace, board: Board, content: str | bytes, said: str):
    found = preview(shop, board, send(shop, "orders-x.csv", content), "orders", "orders-x.csv")
    assert said in "\n".join(map(str, found.problems))


def test_a_parquet_file_beside_text_files_is_counted_by_its_own_name(tmp_path: Path):
    folder = write_flawed_shop(tmp_path / "shop")
    config = folder / "kviboard.toml"
    config.write_text(
        config.read_text().replace('"exports/orders*.csv"', '["exports/orders*.csv", "exports/*.parquet"]')
    )
    workspace = load_workspace(folder)
    rows = pd.DataFrame({"order_id": ["p1", None], "customer_id": "a", "ordered_at": "2026-01-05", "amount": "1.50"})
    rows.to_parquet(folder / "exports" / "old.parquet")
    content = io.BytesIO()
    rows.to_parquet(content)
    found = preview(
        workspace, None, receive(workspace, "new.parquet", content_at_start(content)), "orders", "new.parquet"
    )
    (own,) = found.own
    assert (own.file, own.rows_read, own.rows_rejected, own.rows_duplicate) == ("exports/new.parquet", 2, 1, 1)
    assert set(found.file.reasons["file"]) == {"exports/new.parquet"}


def content_at_start(content: io.BytesIO) -> io.BytesIO:
    content.seek(0)
    return content


def test_a_file_is_taken_in_where_the_source_reads_it(shop: Workspace):
    upload = send(shop, "december.csv", GOOD)
    path = take_in(shop, upload, "orders", "orders-2.csv", replacing=False)
    assert path.read_text() == GOOD
    assert [file.name for file in find_files(shop, "orders")[0]] == ["exports/orders-2.csv", "exports/orders.csv"]
    assert waiting_uploads(shop) == []


def test_a_file_that_is_there_is_never_overwritten_without_saying_so(shop: Workspace):
    upload = send(shop, "customers.csv", CUSTOMERS + "c,2026-01-03\n")
    before = exported(shop)
    with pytest.raises(UsageError, match="is there already"):
        take_in(shop, upload, "customers", "customers.csv", replacing=False)
    assert exported(shop) == before
    assert upload.is_waiting


def test_a_replaced_file_is_kept(shop: Workspace):
    upload = send(shop, "customers.csv", CUSTOMERS + "c,2026-01-03\n")
    take_in(shop, upload, "customers", "customers.csv", replacing=True)
    assert exported(shop)["customers.csv"].decode() == CUSTOMERS + "c,2026-01-03\n"
    assert (shop.state / "replaced" / "customers.csv").read_text() == CUSTOMERS


def test_where_it_cannot_be_written_it_keeps_waiting(shop: Workspace, monkeypatch: pytest.MonkeyPatch):
    upload = send(shop, "december.csv", GOOD)
    before = exported(shop)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.link", full)
    monkeypatch.setattr("os.replace", full)
    with pytest.raises(UsageError, match=r"orders-2\.csv cannot be written \(No space left"):
        take_in(shop, upload, "orders", "orders-2.csv", replacing=False)
    assert exported(shop) == before
    assert upload.is_waiting


def test_a_file_system_without_links_still_never_overwrites(shop: Workspace, monkeypatch: pytest.MonkeyPatch):
    def unknown(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", unknown)
    take_in(shop, send(shop, "december.csv", GOOD), "orders", "orders-2.csv", replacing=False)
    with pytest.raises(UsageError, match="is there already"):
        take_in(shop, send(shop, "december.csv", GOOD), "orders", "orders-2.csv", replacing=False)


def test_a_pattern_over_folders_takes_it_beside_the_last_file(tmp_path: Path):
    folder = write_flawed_shop(tmp_path / "shop")
    config = folder / "kviboard.toml"
    config.write_text(config.read_text().replace("exports/orders*.csv", "exports/*/orders*.csv"))
    workspace = load_workspace(folder)
    upload = send(workspace, "orders-2.csv", GOOD)
    with pytest.raises(UsageError, match="names no single folder"):
        take_in(workspace, upload, "orders", "orders-2.csv", replacing=False)
    (folder / "exports" / "2026").mkdir()
    (folder / "exports" / "orders.csv").rename(folder / "exports" / "2026" / "orders-1.csv")
    assert take_in(workspace, upload, "orders", "orders-2.csv", replacing=False).parent.name == "2026"


def test_what_waits_or_was_replaced_expires(shop: Workspace) -> None:
    upload = receive(shop, "orders-2.csv", io.BytesIO(GOOD.encode()))
    replaced = shop.state / "replaced" / "orders.csv"
    replaced.parent.mkdir()
    replaced.write_text(GOOD)
    assert remove_expired(shop, datetime.now() + timedelta(days=29, hours=23)) == 0
    assert remove_expired(shop, datetime.now() + timedelta(days=30, hours=1)) == 2
    assert not upload.path.parent.exists()
    assert not replaced.exists()
    assert waiting_uploads(shop) == []


def test_no_more_waits_than_may(shop: Workspace) -> None:
    few = shop.model_copy(update={"uploads": Uploads(most_gb=len(GOOD) * 2.5e-9)})
    for name in ("orders-2.csv", "orders-3.csv"):
        receive(few, name, io.BytesIO(GOOD.encode()))
    with pytest.raises(UsageError, match=r"wait already, of .* take in or discard some files first"):
        receive(few, "orders-4.csv", io.BytesIO(GOOD.encode()))
    assert len(waiting_uploads(few)) == 2


def give_up(function: Callable[..., object], *arguments: object) -> NoReturn:
    raise GivenUpError("takes longer than 180 seconds")


def test_a_file_that_takes_too_much_is_named_and_waits_on(shop: Workspace) -> None:
    upload = send(shop, "december.csv", GOOD)
    assert likely_source(shop, None, upload, give_up) in shop.sources
    found = preview(shop, None, upload, "orders", "orders-2.csv", give_up)
    assert [str(problem) for problem in found.problems] == [
        "exports/orders-2.csv: takes longer than 180 seconds. Export it in several files, or allow more: "
        "[engine] preview_minutes, preview_gb."
    ]
    assert found.file is None
    assert upload.is_waiting


def test_of_several_files_the_one_that_takes_too_much_is_found(shop: Workspace) -> None:
    good, bad = send(shop, "good.csv", GOOD).path, send(shop, "bad.csv", GOOD).path

    def call(function: Callable[..., object], paths: Sequence[Path], *more: object) -> object:
        return give_up(function) if bad in paths else function(paths, *more)

    facts = {each.name: each for each in look_at([good, bad], workspace=shop, call=call)}
    assert (facts["good.csv"].rows, facts["good.csv"].problem) == (20, "")
    assert facts["bad.csv"].problem.startswith("takes longer than 180 seconds. Export it in several files")
    tried = try_plan(plan_for([facts["good.csv"]]), [good, bad], Company(), give_up)
    assert str(tried.problems[0]).startswith("Building a board of good.csv and bad.csv: takes longer than 180 seconds.")
