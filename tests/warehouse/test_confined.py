"""What the SQL of a refresh may touch, and for how long: nothing but exports and state, and a culprit has a name."""

import signal
from dataclasses import replace
from pathlib import Path
from threading import Timer

import pytest

from kviboard.catalog import load_catalog
from kviboard.errors import RefreshError
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.versions import current_version
from tests.warehouse.company import TEN_ORDERS, company, query, refreshed

ENDLESS = "select sum(a.range * b.range) as n from range(1000000) as a cross join range(1000000) as b"


def test_a_check_cannot_read_what_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("only for the owner")
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    readers = (
        "read_text('{0}/secret.txt')",
        "read_csv('{0}/secret.txt')",
        "glob('{0}/*')",
        "read_text('exports/../*')",
    )
    for number, reader in enumerate(readers):
        query(tmp_path, f"checks/curious_{number}.sql", f"-- Curious.\nselect * from {reader}")
    found = load_catalog(workspace)
    curious = {name: check for name, check in found.checks.items() if name.startswith("curious")}
    manifest = refresh(workspace, replace(found, marts={}, checks=curious))
    assert len(curious) == len(readers)
    assert {problem.where.removesuffix(", line 2") for problem in manifest.problems if "curious" in problem.where} == {
        check.path for check in curious.values()
    }
    assert manifest.checks == ()
    assert "only for the owner" not in manifest.model_dump_json()


def test_what_takes_too_long_is_named(tmp_path: Path) -> None:
    workspace = company(tmp_path, "[engine]\nquery_minutes = 0.02\n", orders_csv=TEN_ORDERS)
    for kind in ("marts", "checks"):
        query(tmp_path, f"{kind}/endless.sql", f"-- Endless.\n{ENDLESS}")
    catalog = load_catalog(workspace)
    endless = {"endless": catalog.checks["endless"]}
    manifest = refresh(workspace, replace(catalog, marts={}, checks=endless))
    said = "takes longer than [engine] query_minutes allows. Make it quicker, or allow more."
    assert f"queries/checks/endless.sql: {said}" in map(str, manifest.problems)
    with pytest.raises(RefreshError) as refusal:
        refresh(workspace, replace(catalog, marts={"endless": catalog.marts["endless"]}, checks={}))
    assert str(refusal.value) == f"queries/marts/endless.sql: {said}"


def test_ctrl_c_in_the_middle_of_a_query_is_ctrl_c_and_leaves_the_version_before(tmp_path: Path) -> None:
    workspace = company(tmp_path, "[engine]\nthreads = 1\nquery_minutes = 1\n", orders_csv=TEN_ORDERS)
    version = refreshed(workspace).version
    query(tmp_path, "marts/endless.sql", f"-- Endless.\n{ENDLESS}")
    catalog = load_catalog(workspace)
    endless = replace(catalog, marts={"endless": catalog.marts["endless"]}, checks={})

    def stop(doing: str, share: float) -> None:
        if doing == "Staging":
            Timer(1, signal.raise_signal, [signal.SIGINT]).start()

    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            refresh(workspace, endless, stop)
    finally:
        signal.signal(signal.SIGINT, handler)
    assert current_version(workspace) == version
