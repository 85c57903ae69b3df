"""The first export of a workspace that names none: it goes in, and kviboard.toml names it from then on."""

from io import BytesIO
from pathlib import Path

import pytest

from kviboard.board.exports.first_files import name_source, offering_every_table
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.starter import start_workspace
from kviboard.board.exports.uploads import likely_source, preview, receive, take_in
from kviboard.domain.contract import CONTRACT
from kviboard.workspace import Workspace, load_workspace

ORDERS = b"order_id,customer_id,ordered_at,amount\n" + b"".join(
    b"%d,c%d,2026-03-%02d,10.00\n" % (number, number % 5, number % 28 + 1) for number in range(60)
)


@pytest.fixture
def begun(tmp_path: Path) -> Workspace:
    start_workspace(tmp_path / "begun")
    return load_workspace(tmp_path / "begun")


def test_an_upload_finds_its_table_goes_in_and_is_named(begun: Workspace) -> None:
    offered = offering_every_table(begun)
    assert offered.sources.keys() == CONTRACT.keys()
    upload = receive(offered, "shop export.csv", BytesIO(ORDERS))
    assert likely_source(offered, None, upload) == "orders"
    assert preview(offered, None, upload, "orders", "orders-1.csv").problems == ()
    path = take_in(offered, upload, "orders", "orders-1.csv", replacing=False)
    name_source(begun, "orders", path)
    again = load_workspace(begun.root)
    assert again.sources["orders"].files == "exports/orders*.csv"
    assert "# KVI Board reads this file" in (begun.root / "kviboard.toml").read_text()  # the rest stays as it was
    assert not refresh_now(again, lambda what, share: None).problems


def test_a_source_that_is_named_is_left_as_it_is(begun: Workspace) -> None:
    config = begun.root / "kviboard.toml"
    config.write_text(config.read_text() + '\n[sources.orders]\nfiles = "mine/*.tsv"\n')
    named = load_workspace(begun.root)
    assert offering_every_table(named).sources["orders"].files == "mine/*.tsv"
    before = config.read_text()
    name_source(named, "orders", begun.root / "mine" / "orders.tsv")
    assert config.read_text() == before
