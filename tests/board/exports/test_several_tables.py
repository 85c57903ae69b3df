"""A file with several tables in it, an archive, a workbook or a JSON text: each is set up as a file of its own."""

import io
import json
import zipfile
from pathlib import Path

import pandas as pd
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


def test_each_sheet_of_a_workbook_is_set_up_and_known_by_its_name(tmp_path: Path) -> None:
    people = pd.DataFrame(
        {"id": range(1, 9), "email": [f"u{n}@ex.com" for n in range(1, 9)], "plan": ["free", "pro"] * 4}
    )
    invoices = pd.DataFrame(
        {
            "id": range(1, 31),
            "user_id": [n * 5 % 8 + 1 for n in range(30)],
            "issued_on": [f"2026-01-{n % 28 + 1:02}" for n in range(30)],
            "amount": [f"{n}.50" for n in range(30)],
        }
    )
    answers = pd.DataFrame(
        {
            "id": range(1, 13),
            "user_email": [f"u{n % 8 + 1}@ex.com" for n in range(12)],
            "created_at": [f"2026-01-{n + 11}" for n in range(12)],
            "score": [n % 11 for n in range(12)],
        }
    )
    path = tmp_path / "company.xlsx"
    with pd.ExcelWriter(path) as book:
        for name, frame in {"People": people, "Invoices": invoices, "NPS": answers}.items():
            frame.to_excel(book, sheet_name=name, index=False)
    build(tmp_path / "board", plan_for(look_at([path])), [path], Company())
    workspace = load_workspace(tmp_path / "board")
    assert {workspace.sources[name].sheet for name in ("orders", "customers", "responses")} == {
        "People",
        "Invoices",
        "NPS",
    }
    refresh_now(workspace)
    total = invoices["amount"].astype(float).sum()
    assert published(workspace, "select count(*), sum(amount)::double from orders") == [(30, total)]
    said = people.merge(answers, left_on="email", right_on="user_email").groupby("plan")["score"].sum().to_dict()
    of_plans = "select plan, sum(score) from responses inner join customers using (customer_id) group by 1"
    assert {plan: int(score) for plan, score in published(workspace, of_plans)} == said
    assert published(workspace, "select count(*) from customers") == [(8,)]


def test_each_list_of_a_json_text_is_set_up(tmp_path: Path) -> None:
    of = {
        "orders": [
            {"id": n, "customer_id": n % 5, "total": f"{n}.50", "created_at": f"2026-02-{n + 1:02}"} for n in range(20)
        ],
        "reviews": [{"customer_id": n % 5, "rating": n % 11, "created_at": f"2026-03-{n + 1:02}"} for n in range(25)],
    }
    path = tmp_path / "backup.json"
    path.write_text(json.dumps({"made": "2026-04-01", "shop": {"name": "Tea"}, **of}), encoding="utf-8")
    plan = plan_for(look_at([path]))
    assert [export.file.name for export in plan.exports] == ["backup.json, list orders", "backup.json, list reviews"]
    build(tmp_path / "board", plan, [path], Company())
    workspace = load_workspace(tmp_path / "board")
    refresh_now(workspace)
    orders = published(workspace, "select count(*), sum(amount)::double from orders")
    assert orders == [(20, sum(n + 0.5 for n in range(20)))]
    assert published(workspace, "select count(*), sum(score) from responses") == [(25, sum(n % 11 for n in range(25)))]
