"""The four raw files of a real shop, nothing prepared: `kviboard init` alone must give the reference numbers."""

import json
from pathlib import Path

import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, find_exports, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import answer
from kviboard.workspace import load_workspace
from tests.numbers.test_olist import DATA, totals
from tests.once import once, shared_folder

pytestmark = pytest.mark.skipif(DATA is None, reason="the Olist files are not here; see test_olist.py")
KNOWN = json.loads((DATA / "known_numbers.json").read_text()) if DATA else {}


@pytest.fixture(scope="module")
def board(tmp_path_factory) -> Board:
    return open_board(load_workspace(once(shared_folder(tmp_path_factory) / "olist-init", set_up)))


def set_up(folder: Path) -> None:
    paths = find_exports(sorted(DATA.glob("*.csv.gz")))
    plan = plan_for(look_at(paths, "America/Sao_Paulo"))
    assert plan.open_questions == ()
    assert plan.lacking == ()
    build(folder, plan, paths, Company(name="Olist", currency="BRL", timezone="America/Sao_Paulo"))
    refresh_now(load_workspace(folder))


def of(board: Board, name: str, grain: str = "month"):
    return answer(board, board.kvi(name), View(grain)).set_index("period")


def test_turnover_and_answers_are_right_in_all(board):
    known, answers = KNOWN["total"], KNOWN["responses_total"]
    nps, found = of(board, "net_promoter_score"), totals(board)
    assert found == pytest.approx({name: known[name] for name in found}, abs=0.005)
    assert nps["denominator"].sum() == answers["responses"]
    assert nps["numerator"].sum() == 100 * (answers["promoters"] - answers["detractors"])
    assert board.reader.frame("select count(distinct customer_id) from orders").iloc[0, 0] == KNOWN["customers"]


def test_months_are_right(board):
    nps, dau = of(board, "net_promoter_score"), of(board, "daily_active_users")
    for day, month in KNOWN["nps_by_month"].items():
        assert nps.loc[day, "value"] == pytest.approx(month["nps"], abs=5e-5)
    for day, average in KNOWN["dau_average_by_month"].items():
        assert dau.loc[day, "value"] == pytest.approx(average, abs=1e-6)


def test_it_is_sliced_by_the_state_of_the_latest_order(board):
    assert board.dimensions == ("state",)
    assert len(board.reader.dimension_values("state")) == 27
