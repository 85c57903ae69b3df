"""The scale of a score belongs to its source or survey; labels are read by their number; a wrong scale is warned of."""

from pathlib import Path
from typing import Any

import pytest

from kviboard.errors import RefreshError, WorkspaceError
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import Rules
from kviboard.warehouse.staging.values.scores import Scales
from tests.warehouse.company import company
from tests.warehouse.staged import published, refreshed
from tests.warehouse.staging.values.test_cast import cast

HEAD = "response_id;customer_id;responded_at;score;survey\n"
SOURCE = '[sources.responses]\nfiles = "exports/responses.csv"\n'


def answers(scores: list[Any], survey: str = "") -> str:
    return "".join(f'{survey}{n:03};C{n};2026-01-05;"{score}";{survey}\n' for n, score in enumerate(scores))


def read(folder: Path, text: str, toml: str = SOURCE) -> tuple[list[int], list[ExportDecision]]:
    workspace = company(folder, toml, responses_csv=HEAD + text)
    said = list(refreshed(workspace).decisions)
    return [score for (score,) in published(workspace, "select score from responses order by response_id")], said


def test_twenty_answers_up_to_five_are_warned_of(tmp_path: Path) -> None:
    (said,) = read(tmp_path, answers([4, 5, 5, 5] * 5, "transactional"))[1]
    assert said.should_be_confirmed
    assert str(said) == (
        "exports/responses.csv: All 20 answers to the transactional survey lie between 4 and 5, and are read on a "
        'scale of 0–10. If they are given from 1 to 5, set scale = "1-5" in [sources.responses] or '
        "[surveys.transactional]."
    )


@pytest.mark.parametrize("scores", [[5] * 7, [5] * 30 + [8], [0, 1] * 3])
def test_very_few_answers_or_any_beyond_seven_are_no_doubt(tmp_path: Path, scores: list[int]) -> None:
    assert read(tmp_path, answers(scores)) == (scores, [])


@pytest.mark.parametrize(("scores", "span", "is_chance"), [
    ([5, 4] * 4, "8 answers lie between 4 and 5", True), ([5] * 19, "19 answers are 5", True),
    ([1, 7] * 6, "12 answers lie between 1 and 7", True), ([0, 1] * 5, "10 answers lie between 0 and 1", True),
    ([0, 1] * 20, "40 answers lie between 0 and 1", False), ([5] * 20, "20 answers are 5", False),
])  # fmt: skip
def test_few_low_answers_are_a_doubt_that_says_so(
    tmp_path: Path, scores: list[int], span: str, is_chance: bool
) -> None:
    (said,) = read(tmp_path, answers(scores))[1]
    assert f"All {span}" in said.what
    assert ("of so few, that may be chance" in said.what) == is_chance


@pytest.mark.parametrize(
    ("scores", "span"),
    [
        ([1, 2, 3] * 7, "21 answers lie between 1 and 3"), ([4, 2] * 10, "20 answers lie between 2 and 4"),
        ([4, 2] * 10 + [5], ""), ([1, 2, 3] * 6, ""),
    ],
)  # fmt: skip
def test_answers_that_never_reach_five_of_five_are_warned_of(tmp_path: Path, scores: list[int], span: str) -> None:
    """Three smileys, numbered, are no 1 to 3 of 5, of whom all would be detractors."""
    found, said = read(tmp_path, answers(scores), f'{SOURCE}scale = "1-5"\n')
    assert found == [2 * score for score in scores]
    doubts = [str(each) for each in said if "and are read on a scale of" in each.what]
    expected = (
        f"All {span}, and are read on a scale of 1–5. If their scale ends there, translate them to 1–5 in queries/"
    )
    assert doubts == ([f"exports/responses.csv: {expected}staging/responses.sql."] if span else [])


@pytest.mark.parametrize(("scores", "hint"), [([1, 5] * 10, 'set scale = "1-5"'), ([1, 6] * 10, "")])
def test_answers_to_seven_that_end_at_five_are_warned_of(tmp_path: Path, scores: list[int], hint: str) -> None:
    found, said = read(tmp_path, answers(scores), f'{SOURCE}scale = "1-7"\n')
    assert found == [{1: 0, 5: 7, 6: 8}[score] for score in scores]
    doubts = [each for each in said if "and are read on a scale of 1–7" in each.what]
    assert [hint in each.setting and "lie between 1 and 5" in each.what for each in doubts] == [True] * bool(hint)


def test_one_survey_of_a_file_may_be_in_doubt(tmp_path: Path) -> None:
    text = answers([9, 10] * 20, "relationship") + answers([1, 5] * 20, "transactional")
    (said,) = read(tmp_path, text)[1]
    assert "All 40 answers to the transactional survey lie between 1 and 5" in said.what


@pytest.mark.parametrize(
    ("setting", "scores"),
    [
        ('[surveys]\nscale = "1-5"\n', [10, 2, 10, 2]),
        ('[surveys.transactional]\nscale = "1-5"\n', [5, 1, 10, 2]),
        ('[surveys.relationship]\nscale = "1-5"\n', [10, 2, 5, 1]),
        ('[surveys]\nscale = "1-5"\n[surveys.relationship]\nscale = "1-10"\n', [5, 1, 10, 2]),
        ('scale = "1-5"\n', [10, 2, 10, 2]),
        ('scale = "1-5"\n[surveys.relationship]\nscale = "0-10"\n', [5, 1, 10, 2]),
        ('scale = "1-10"\n[surveys]\nscale = "1-5"\n', [5, 1, 5, 1]),
    ],
)
def test_a_scale_is_a_surveys_else_a_sources_else_the_companys(tmp_path: Path, setting: str, scores: list[int]) -> None:
    text = answers([5, 1], "relationship") + answers([5, 1], "transactional")
    assert read(tmp_path, text, SOURCE + setting)[0] == scores


def test_two_sources_may_have_two_scales(tmp_path: Path) -> None:
    toml = '[sources.nps]\nfiles = "exports/nps.csv"\n[sources.stars]\nfiles = "exports/stars.csv"\nscale = "1-5"\n'
    sql = "select *, _file from source.nps union all select *, _file from source.stars"
    target = tmp_path / "queries/staging/responses.sql"
    target.parent.mkdir(parents=True)
    target.write_text(sql.replace("*, _file", "*"))
    files = {"nps_csv": HEAD + answers([9, 4], "relationship"), "stars_csv": HEAD + answers([5, 4], "transactional")}
    workspace = company(tmp_path, toml, **files)
    refreshed(workspace)
    assert published(workspace, "select score from responses order by response_id") == [(9,), (4,), (10,), (8,)]


@pytest.mark.parametrize("scale", ["0-5", "1-6", "0-100"])
def test_any_other_scale_is_a_wrong_setting(tmp_path: Path, scale: str) -> None:
    with pytest.raises(WorkspaceError, match="scale"):
        company(tmp_path, f'{SOURCE}scale = "{scale}"\n', responses_csv=HEAD)


def test_labels_are_read_by_their_number_and_that_is_said(tmp_path: Path) -> None:
    labels = ["10 - Extremely likely", "9", "0 - Not at all likely", "7", "10 - Extremely likely"]
    scores, (said,) = read(tmp_path, answers(labels))
    assert scores == [10, 9, 0, 7, 10]
    assert str(said) == (
        "The responses export: 3 values of score are labels, read by the number in them. For example, "
        '"10 - Extremely likely" in exports/responses.csv, line 2 is 10. '
        "Where another number is meant, choose it in queries/staging/responses.sql."
    )


@pytest.mark.parametrize(
    ("found", "scale", "score"),
    [
        ("10 - Extremely likely", "0-10", 10), ("0 – Überhaupt nicht", "0-10", 0), ("9 (sehr gut)", "0-10", 9),
        ("5: Very satisfied", "1-5", 10), ("4 stars", "1-5", 8), ("5★", "1-5", 10), ("3. Neutral", "1-5", 6),
        ("10) Äußerst wahrscheinlich", "0-10", 10), ("Very satisfied (5)", "1-5", 10), ("Score: 9", "0-10", 9),
        ("Extremely likely - 10", "0-10", 10), ("8/10", "0-10", 8), ("4/5", "1-5", 8), ("4 out of 5", "1-5", 8),
        ("10 - Yes, sure.", "0-10", 10),
        ("4/5", "0-10", "score 4/5 is outside 0–10"), ("8 of 10", "1-5", "score 8 of 10 is outside 1–5"),
        ("9-10", "0-10", "x is not a number"), ("9-10 (Promoter)", "0-10", "x is not a number"),
        ("7 or 8", "0-10", "x is not a number"), ("Promoter", "0-10", "x is not a number"),
        ("12 - Beyond", "0-10", "score 12 - Beyond is outside 0–10"), ("9.5 good", "0-10", "x is not a number"),
    ],
)  # fmt: skip
def test_labels_of_many_survey_tools(found: str, scale: str, score: object) -> None:
    assert cast("score", found, Rules(scales=Scales(scale))) == score


@pytest.mark.parametrize(("best", "worst"), [
    ("1 - Very satisfied", "5 - Very dissatisfied"), ("1 = sehr gut", "5 = mangelhaft"),
    ("1: sehr zufrieden", "5: sehr unzufrieden"), ("1 - très satisfait", "5 - pas du tout satisfait"),
    ("1 - zeer tevreden", "5 - zeer ontevreden"), ("1 - muy probable", "5 - nada probable"),
])  # fmt: skip
def test_labels_that_run_from_best_to_worst_are_refused(tmp_path: Path, best: str, worst: str) -> None:
    with pytest.raises(RefreshError) as caught:
        read(tmp_path, answers([best, worst]))
    assert f'score has labels whose best answer is the lowest number, such as "{best}"' in str(caught.value)


@pytest.mark.parametrize(("high", "hint"), [(7, 'set scale = "1-7"'), (5, 'set scale = "1-5"')])
def test_small_files_are_doubted_together(tmp_path: Path, high: int, hint: str) -> None:
    files = {
        f"responses_{month}__csv": HEAD + "".join(
            f"{month}-{n};c{n};2026-{month:02}-{n + 1:02};{1 + n % high};\n" for n in range(15)
        )
        for month in (1, 2, 3)
    }  # fmt: skip
    workspace = company(tmp_path, '[sources.responses]\nfiles = "exports/responses*.csv"\n', **files)
    (said,) = [each for each in refreshed(workspace).decisions if "lie between" in each.what]
    assert said.what == f"All 45 answers lie between 1 and {high}, and are read on a scale of 0–10."
    assert hint in said.setting
    assert said.where == "The responses export"


def test_scores_that_reach_the_end_of_their_scale_are_not_doubted(tmp_path: Path) -> None:
    rows = HEAD + "".join(f"{n};c{n};2026-01-{n % 28 + 1:02};{n % 9};\n" for n in range(50))
    workspace = company(tmp_path, responses_csv=rows)
    assert not [each for each in refreshed(workspace).decisions if "lie between" in each.what]


@pytest.mark.parametrize(
    ("header", "settings", "total", "words"),
    [
        ("Score (1-5)", "", 18, 'score is called "Score (1-5)", so it is read on a scale of 1–5.'),
        ("Rating 1 to 5", "", 18, "so it is read on a scale of 1–5."),
        ("Score (1-5)", 'scale = "0-10"', 9, ""),
        ("NPS (0-10)", "", 9, ""),
        ("CSAT", "", 9, 'score is called "CSAT" and never above 5, and read on a scale of 0–10.'),
        ("Stars", 'scale = "1-5"', 18, ""),
        ("Answer", "", 9, ""),
    ],
)
def test_a_columns_name_may_tell_the_scale(tmp_path: Path, header: str, settings: str, total: int, words: str) -> None:
    toml = f'[sources.responses]\nfiles = "exports/r.csv"\nrename = {{ "{header}" = "score" }}\n{settings}\n'
    rows = f"response_id,customer_id,responded_at,{header}\n1,c,2026-01-05,5\n2,c,2026-01-06,4\n"
    workspace = company(tmp_path, toml, r_csv=rows)
    said = [each.what for each in refreshed(workspace).decisions if "called" in each.what]
    found = published(workspace, "select sum(score), any_value(scale) from responses")
    assert found == [(total, "1-5" if total == 18 else "0-10")]
    assert bool(said) == bool(words)
    assert words in " ".join(said)
