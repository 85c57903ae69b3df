"""Every sign of customer focus against a count of the sample's own files, and on a board without any records."""

import json
import re
from pathlib import Path

import pytest

from kviboard.board.board import open_board
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.outside_in.evidence import Sign, read_evidence
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace

EXPORTED = json.loads((SAMPLE_WORKSPACE / "okrs.json").read_text(encoding="utf-8"))["tables"]
QUERIES = Path(SAMPLE_WORKSPACE).parent / "queries" / "kvis"
LAST_DAY = "2026-10-31"


@pytest.fixture(scope="module")
def signs(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sign]:
    workspace = load_workspace(sample_workspace)
    store = open_store_of(workspace.model_copy(update={"state": tmp_path_factory.mktemp("state")}))
    return {sign.name: sign for sign in read_evidence(BoardContext(open_board(workspace), store))}


def running() -> list[dict[str, object]]:
    """The objectives of the cycle that the data's last day lies in, without drafts."""
    (cycle,) = [each for each in EXPORTED["cycles"] if each["starts_on"] <= LAST_DAY <= each["ends_on"]]
    return [
        each
        for each in EXPORTED["objectives"]
        if each["cycle_id"] == cycle["id"] and each["state"] != "Draft" and not each["archived_at"]
    ]


def test_key_results_of_customers_are_those_of_kvis_in_the_customers_group(signs: dict[str, Sign]) -> None:
    groups = {path.stem: path.read_text(encoding="utf-8") for path in QUERIES.glob("*.sql")}
    customers = {name for name, sql in groups.items() if not re.search(r"^group: company", sql, re.M)}
    ids = {each["id"] for each in running()}
    found = [each for each in EXPORTED["key_results"] if each["objective_id"] in ids and not each["archived_at"]]
    of_customers = sum(each["kvi"] in customers for each in found)
    assert 0 < of_customers < len(found)
    assert signs["key_results_of_customers"].says == f"{of_customers} of {len(found)} key results"
    assert signs["key_results_of_customers"].share == pytest.approx(of_customers / len(found))


def test_all_objectives_of_the_running_cycle_are_looked_at(signs: dict[str, Sign]) -> None:
    assert signs["objectives_for_customers"].says.endswith(f"of {len(running())} objectives")


def test_decisions_that_name_a_kvi_are_counted_of_all(signs: dict[str, Sign]) -> None:
    found = [each for each in EXPORTED["decisions"] if not each["archived_at"]]
    named = sum(bool(each["kvi"]) for each in found)
    assert signs["decisions_with_customers"].says == f"{named} of {len(found)} decisions"


def test_sprints_count_from_the_first_review_and_need_both_acts(signs: dict[str, Sign]) -> None:
    lines = (SAMPLE_WORKSPACE / "exports" / "sprints.csv").read_text(encoding="utf-8").splitlines()
    columns = lines[0].split(",")
    sprints = [dict(zip(columns, line.split(","), strict=False)) for line in lines[1:]]
    reviews = [each for each in EXPORTED["reviews"] if not each["archived_at"]]
    first = min(each["starts_on"] for each in reviews)
    ended = {each["Sprint"] for each in sprints if each["First day"] >= first and each["Last day"] <= LAST_DAY}
    acts = {(act["review_id"], act["act"]) for act in EXPORTED["review_acts"]}
    both = {each["sprint"] for each in reviews if {(each["id"], "opening"), (each["id"], "closing")} <= acts}
    assert 0 < len(both & ended) < len(ended)
    assert signs["reviews_with_vision"].says == f"{len(both & ended)} of {len(ended)} sprints"


def test_signs_of_kvis_are_their_last_complete_month(signs: dict[str, Sign]) -> None:
    assert signs["scored_revenue"].says.endswith("in Oct 2026")
    assert len(signs["scored_revenue"].before) == 13
    assert signs["scored_revenue"].before[-1] == signs["scored_revenue"].share


def test_without_records_every_sign_says_what_is_missing(sample_workspace: Path, tmp_path: Path) -> None:
    workspace = load_workspace(sample_workspace).model_copy(update={"state": tmp_path, "root": tmp_path})
    context = BoardContext(open_board(load_workspace(sample_workspace)), open_store_of(workspace))
    says = {sign.name: (sign.share, sign.says) for sign in read_evidence(context)}
    assert says["reviews_with_vision"] == (None, "no review yet")
    assert says["objectives_for_customers"] == (None, "no objectives yet")
    assert says["decisions_with_customers"] == (None, "no decisions yet")
    assert says["rewards_of_customers"] == (None, "no rewards noted")
