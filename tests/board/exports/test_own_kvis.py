"""A KVI of one's own that takes the first product of an order for its only one is named, where an order has several."""

from pathlib import Path

from kviboard.board.board import open_board
from kviboard.board.exports.exports import look_at_exports
from kviboard.board.exports.maintenance import check, refresh_now
from kviboard.board.kvis.draft import Draft, file_text
from kviboard.board.kvis.own_files import save
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import company, write

LINES = "order_id,customer_id,ordered_at,product,amount\n" + "".join(
    f"{n},c{n % 3},2026-01-{n % 28 + 1:02},tea,{n + 5}\n" for n in range(30)
)
HEAD = (
    "/*---\ntitle: Tea sold\ncustomer_benefit: They get it.\ncompany_value: They pay.\n"
    "unit: number\nbetter: up\nneeds: [orders]\n"
)


def named(workspace: Workspace) -> list[tuple[str, str]]:
    """Files and sentences of the page Exports and checks, which are those that `check` tells."""
    exports = look_at_exports(workspace, open_board(workspace))
    found = [(note.where, note.what) for note in exports.notes if "under the first" in note.what]
    told = [(each.where, each.what) for each in check(workspace).warnings if "under the first" in each.what]
    assert told == found
    return found


def test_a_kvi_of_first_products_is_named_where_orders_have_several(tmp_path: Path) -> None:
    company(tmp_path, orders_csv=LINES)
    by_hand = f"{HEAD}value: sum(found)\n---*/\nselect day, customer_id, 1 as found from orders where product = 'tea'\n"
    save(load_workspace(tmp_path), "tea_sold", by_hand)
    said = {"title": "Tea bought", "customer_benefit": "They get it.", "company_value": "They pay."}
    draft = Draft(**said, table="orders", values=("tea",), count="sum")
    save(load_workspace(tmp_path), draft.name, file_text(draft))
    refresh_now(load_workspace(tmp_path))
    assert named(load_workspace(tmp_path)) == []
    write(tmp_path, "orders_csv", LINES + "7,c1,2026-01-08,mug,3\n")
    refresh_now(load_workspace(tmp_path))
    what = "counts an order with lines of several products under the first of them alone, with its whole amount."
    assert named(load_workspace(tmp_path)) == [("queries/kvis/tea_sold.sql", what)]
