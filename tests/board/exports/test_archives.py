"""An archive with several tables in it, as services send all that they have: each is set up as a file of its own."""

import io
import zipfile
from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.names import find_target
from kviboard.board.exports.setup import build, look_at, plan_for, source_of
from kviboard.board.exports.setup_files import Company
from kviboard.board.exports.uploads import preview, receive
from kviboard.workspace import load_workspace
from tests.warehouse.company import published

pytestmark = pytest.mark.usefixtures("exports_alone")

ORDERS = "order_id,customer_id,ordered_at,amount\n" + "".join(
    f"{n},c{n % 4},2026-01-{n + 10},{n}.50\n" for n in range(12)
)
MORE = ORDERS + "99,c1,2026-02-01,100\n"
ANSWERS = "response_id,customer_id,responded_at,score\n" + "".join(
    f"r{n},c{n % 4},2026-01-{n + 10},{n}\n" for n in range(9)
)


def packed(path: Path, **texts: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts.items():
            archive.writestr(f"all/{name.replace('__', '.')}", text)
    return path


def test_each_table_of_an_archive_is_set_up_and_a_later_archive_is_known(tmp_path: Path) -> None:
    path = packed(tmp_path / "everything.zip", orders__csv=ORDERS, nps_answers__csv=ANSWERS, readme__txt="hello")
    plan = plan_for(look_at([path]))
    assert {export.file.name: export.role for export in plan.exports} == {
        "everything.zip, file all/orders.csv": "orders", "everything.zip, file all/nps_answers.csv": "responses",
    }  # fmt: skip
    build(tmp_path / "board", plan, [path], Company())
    workspace = load_workspace(tmp_path / "board")
    refresh_now(workspace)
    read = "select (select count(*) from orders), (select sum(amount)::double from orders), sum(score) from responses"
    assert published(workspace, read) == [(12, sum(n + 0.5 for n in range(12)), sum(range(9)))]
    later = packed(tmp_path / "everything-2.zip", orders__csv=MORE, nps_answers__csv=ANSWERS)
    assert source_of(workspace, later) in ("orders", "responses")
    waiting = receive(workspace, later.name, io.BytesIO(later.read_bytes()))
    found = preview(workspace, None, waiting, "orders", later.name)
    assert found.file is not None
    assert found.file.written_as == "Archive with orders.csv, beside files that responses read"
    assert [(row.rows_read, row.rows_kept, row.rows_duplicate) for row in found.own] == [(13, 1, 12)]
    assert not [decision for decision in found.file.decisions if "other columns" in decision.what]
    target = find_target(workspace, "orders", later.name, later.name)
    assert target == tmp_path / "board" / "exports" / "everything-2.zip"
    target.write_bytes(later.read_bytes())
    refresh_now(workspace)
    assert published(workspace, read) == [(13, sum(n + 0.5 for n in range(12)) + 100, sum(range(9)))]


def test_an_archive_of_one_table_is_read_as_a_whole(tmp_path: Path) -> None:
    path = packed(tmp_path / "orders.zip", orders_1__csv=ORDERS, orders_2__csv=MORE.replace("99,", "98,"))
    (export,) = plan_for(look_at([path])).exports
    assert (export.file.name, export.file.members) == ("orders.zip", ())
    build(tmp_path / "board", plan_for(look_at([path])), [path], Company())
    workspace = load_workspace(tmp_path / "board")
    refresh_now(workspace)
    assert published(workspace, "select count(*) from orders") == [(13,)]
