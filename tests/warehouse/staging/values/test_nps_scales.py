"""The Net Promoter Score is of answers from 0 to 10: others count in satisfaction, 8+ and revenue by score."""

from pathlib import Path

import pandas as pd

from kviboard.board.board import open_board
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import read_view
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import Workspace
from tests.warehouse.company import company, published, with_marts

STARS = '[sources.stars]\nfiles = "exports/stars.csv"\nscale = "1-5"\n'
NPS = '[sources.nps]\nfiles = "exports/nps.csv"\n'
QUERY = "select * from source.nps union all by name select * from source.stars"
HEADER = "response_id,customer_id,responded_at,score,touchpoint\n"
TEN = HEADER + "".join(f"n{n},c{n},2026-01-{n + 1:02},{score},shop\n" for n, score in enumerate([10, 9, 9, 8, 3, 0]))
FIVE = HEADER + "".join(f"s{n},d{n},2026-01-{n + 1:02},{score},delivery\n" for n, score in enumerate([5, 4, 1, 1]))


def survey(folder: Path, toml: str, query: str = "", **files: str) -> tuple[Workspace, Manifest]:
    if query:
        path = folder / "queries" / "staging" / "responses.sql"
        path.parent.mkdir(parents=True)
        path.write_text(query, encoding="utf-8")
    workspace = company(folder, toml, **files)
    return workspace, refresh(
        workspace, with_marts(workspace, "daily", "answers_by_group", "score_periods", "repeated_answers")
    )


def sums(workspace: Workspace) -> dict[str, int]:
    names = ["responses", "nps_responses", "promoters", "passives", "detractors", "very_satisfied"]
    (row,) = published(workspace, f"select {', '.join(f'sum({name})::integer' for name in names)} from daily")
    return dict(zip(names, row, strict=True))


def test_stars_beside_answers_from_0_to_10_are_in_satisfaction_alone(tmp_path: Path) -> None:
    workspace, manifest = survey(tmp_path, NPS + STARS, QUERY, nps_csv=TEN, stars_csv=FIVE)
    ten, five = pd.Series([10, 9, 9, 8, 3, 0]), pd.Series([5, 4, 1, 1]) * 2
    assert sums(workspace) == {
        "responses": len(ten) + len(five),
        "nps_responses": len(ten),
        "promoters": (ten >= 9).sum(),
        "passives": ten.between(7, 8).sum(),
        "detractors": (ten <= 6).sum(),
        "very_satisfied": (ten >= 8).sum() + (five >= 8).sum(),
    }
    (said,) = [each for each in manifest.decisions if "on a scale of" in each.what]
    assert str(said) == (
        "The responses export: 4 of 10 answers are on a scale of 1–5: they count in satisfaction, 8+ and revenue by "
        "score, not in the Net Promoter Score. For example, response s0. Where that is not so, set the right scale of "
        "the source or the survey."
    )
    assert said.should_be_confirmed
    assert published(workspace, "select distinct group_name from answers_by_group") == [("shop",)]
    assert published(workspace, "select count(*) from score_periods") == [(10,)]


def test_pages_count_the_same_answers(tmp_path: Path) -> None:
    workspace, _ = survey(tmp_path, NPS + STARS, QUERY, nps_csv=TEN, stars_csv=FIVE)
    board = open_board(workspace)
    distribution = read_view(board, "score_distribution", View())
    assert distribution.set_index("score")["responses"].sum() == 6


def test_stars_alone_give_a_score_that_says_what_it_is(tmp_path: Path) -> None:
    workspace, manifest = survey(
        tmp_path, '[sources.responses]\nfiles = "exports/stars.csv"\nscale = "1-5"\n', stars_csv=FIVE
    )
    found = sums(workspace)
    assert (found["nps_responses"], found["promoters"], found["detractors"]) == (4, 1, 2)
    (said,) = [each for each in manifest.decisions if "on a scale of" in each.what]
    assert said.what == (
        "All 4 answers are on a scale of 1–5, and none on 0–10: the Net Promoter Score is made of these, and compares "
        "with no other company's."
    )


def test_surveys_of_one_export_may_have_scales_of_their_own(tmp_path: Path) -> None:
    toml = '[surveys.transactional]\nscale = "1-5"\n[sources.responses]\nfiles = "exports/r.csv"\n'
    rows = "response_id,customer_id,responded_at,score,survey\na,x,2026-01-01,10,relationship\n"
    rows += "b,x,2026-01-02,1,transactional\nc,y,2026-01-02,5,transactional\n"
    workspace, _ = survey(tmp_path, toml, r_csv=rows)
    found = sums(workspace)
    assert (found["responses"], found["nps_responses"], found["promoters"], found["detractors"]) == (3, 1, 1, 0)
    assert found["very_satisfied"] == 2


def test_answers_from_0_to_10_need_no_word(tmp_path: Path) -> None:
    workspace, manifest = survey(tmp_path, '[sources.responses]\nfiles = "exports/nps.csv"\n', nps_csv=TEN)
    assert sums(workspace)["nps_responses"] == 6
    assert not [each for each in manifest.decisions if "scale" in each.what]
