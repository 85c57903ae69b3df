"""Files that nobody reads, and files that lost their rows, are named."""

from pathlib import Path

from kviboard.warehouse.forgotten import keep_forgotten, read_forgotten
from tests.warehouse.company import ORDERS, TEN_ORDERS, company, published, refreshed, write

TOML = '[sources.orders]\nfiles = "exports/orders*.csv"\n'


def test_files_of_no_source_are_named_in_one_sentence(tmp_path: Path) -> None:
    workspace = company(tmp_path, TOML, orders_csv=TEN_ORDERS)
    assert refreshed(workspace).decisions == ()
    for name in ("Orders_2025_csv", "tickets_xlsx", "old_zip", "notes_txt", ".hidden_csv", "~$tickets_xlsx"):
        write(tmp_path, name.replace("_2025", "2025"), b"x")
    (said,) = refreshed(workspace).decisions
    assert said.what == (
        "3 files among the exports belong to no source and are not read: exports/Orders2025.csv, exports/old.zip and "
        "exports/tickets.xlsx."
    )


def test_a_file_that_another_setting_names_is_not_missed(tmp_path: Path) -> None:
    toml = TOML + '[sprints]\nfiles = "exports/sprints.csv"\n'
    sprints = "name,starts_on,ends_on\nSprint 1,2026-01-01,2026-01-14\n"
    assert refreshed(company(tmp_path, toml, orders_csv=TEN_ORDERS, sprints_csv=sprints)).decisions == ()


def test_a_file_whose_only_customer_is_forgotten_is_not_said_to_be_unfinished(tmp_path: Path) -> None:
    workspace = company(tmp_path, TOML, orders_1__csv=TEN_ORDERS, orders_2__csv=ORDERS + "77,zoe,2026-01-11,1\n")
    refreshed(workspace)
    keep_forgotten(workspace.state, read_forgotten(workspace.state).adding("zoe"))
    (said,) = refreshed(workspace).decisions
    assert said.what == "1 row belongs to forgotten customers and is left out."


def test_a_file_that_had_rows_and_is_empty_now_is_warned_of(tmp_path: Path) -> None:
    later = ORDERS + "77,c1,2026-02-11,1\n78,c1,2026-02-12,1\n"
    workspace = company(tmp_path, TOML, orders_1__csv=TEN_ORDERS, orders_2__csv=later)
    refreshed(workspace)
    write(tmp_path, "orders_2__csv", "")
    decisions = refreshed(workspace).decisions
    assert published(workspace, "select count(*) from orders") == [(10,)]
    (warning,) = [decision for decision in decisions if decision.should_be_confirmed]
    assert str(warning).startswith(
        "exports/orders_2.csv: is empty, and had 2 rows before; it may still be being written."
    )
