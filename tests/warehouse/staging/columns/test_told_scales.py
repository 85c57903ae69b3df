"""The scale that an export tells of each answer decides for it, is said, and is refused where nobody knows it."""

from pathlib import Path

import pandas as pd
import pytest

from kviboard.errors import RefreshError
from tests.warehouse.company import company, frame_bytes
from tests.warehouse.staged import published, refreshed

HEAD = "response_id,customer_id,responded_at,score"
SCORES = "select score, scale from responses order by response_id"


def answers(*rows: str) -> str:
    return "".join(f"R{n:02},c{n},2026-01-{n % 28 + 1:02},{row}\n" for n, row in enumerate(rows))


def read(folder: Path, columns: str, *rows: str, toml: str = "") -> tuple[list[tuple[int, str]], list[str]]:
    workspace = company(folder, toml, responses_csv=f"{HEAD}{columns}\n{answers(*rows)}")
    said = [str(each) for each in refreshed(workspace).decisions if "NPS" not in each.what]
    return published(workspace, SCORES), [each for each in said if "Net Promoter" not in each]


def test_two_scales_in_one_file_are_read_row_by_row_and_said(tmp_path: Path) -> None:
    scores, (said,) = read(tmp_path, ",scale", "5,1-5", "4,1 to 5", "9,0-10", "0,NPS", "3,Stars")
    assert scores == [(10, "1-5"), (8, "1-5"), (9, "0-10"), (0, "0-10"), (6, "1-5")]
    assert said == (
        "The responses export: scale tells the scale of each score: 2 answers on 0–10 and 3 answers on 1–5. "
        'For example, "1-5" in exports/responses.csv, line 2. '
        'To take it for something else, set [sources.responses] rename = { "scale" = "their_scale" }.'
    )


@pytest.mark.parametrize(
    ("columns", "rows", "scores"),
    [
        (",max score", ["4,5", "9,10"], [(8, "1-5"), (9, "0-10")]),
        (",scale_min,scale_max", ["4,1,5", "9,1,10"], [(8, "1-5"), (9, "1-10")]),
        (",Out of", ["4,5.0", "9,10.0"], [(8, "1-5"), (9, "0-10")]),
        (",Skala", ["4,5-Punkte", "9,0 bis 10"], [(8, "1-5"), (9, "0-10")]),
        ("", ["4/5", "9/10", "4 of 5"], [(8, "1-5"), (9, "0-10"), (8, "1-5")]),
    ],
)
def test_ends_of_scales_are_told_in_many_ways(
    tmp_path: Path, columns: str, rows: list[str], scores: list[tuple[int, str]]
) -> None:
    assert read(tmp_path, columns, *rows)[0] == scores


def test_an_answer_of_which_no_scale_is_told_follows_the_settings(tmp_path: Path) -> None:
    scores, (said,) = read(tmp_path, ",scale", "5,1-5", "4,", "9,0-10")
    assert scores == [(10, "1-5"), (4, "0-10"), (9, "0-10")]
    assert "1 answer of which none is told is read on 0–10." in said


def test_the_export_goes_before_a_setting_which_is_warned_of(tmp_path: Path) -> None:
    toml = '[sources.responses]\nfiles = "exports/*"\nscale = "1-5"\n'
    scores, (said,) = read(tmp_path, ",scale", "5,1-5", "9,0-10", toml=toml)
    assert scores == [(10, "1-5"), (9, "0-10")]
    assert "That decides, not the scale in kviboard.toml." in said


@pytest.mark.parametrize("told", ["1-6", "0-5", "100", "CES"])
def test_a_scale_that_is_not_known_is_refused_with_both_ways_on(tmp_path: Path, told: str) -> None:
    with pytest.raises(RefreshError) as caught:
        read(tmp_path, ",scale", "5,1-5", f"3,{told}")
    assert "scale tells a scale of 1 answer that is none of 0–10, 1–10, 1–5 and 1–7" in str(caught.value)
    assert f'(as "{told}" in exports/responses.csv, line 3)' in str(caught.value)
    assert 'rename = { "scale" = "their_scale" }' in str(caught.value)


def test_the_way_on_of_the_refusal_works(tmp_path: Path) -> None:
    toml = '[sources.responses]\nfiles = "exports/*"\nrename = { "scale" = "their_scale" }\n'
    assert read(tmp_path, ",scale", "5,1-5", "3,1-7", toml=toml) == ([(5, "0-10"), (3, "0-10")], [])


def test_a_column_that_is_only_called_so_is_said_and_not_read(tmp_path: Path) -> None:
    scores, (said,) = read(tmp_path, ",scale", "9,Startup", "3,Enterprise")
    assert scores == [(9, "0-10"), (3, "0-10")]
    assert "scale is called like the scale of the scores and tells none" in said


def test_numbers_of_a_typed_export_tell_a_scale_too(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "customer_id": ["a", "b"],
            "responded_at": pd.to_datetime(["2026-01-05", "2026-01-06"]),
            "score": [4, 9],
            "scale_max": [5.0, 10.0],
        }
    )
    workspace = company(tmp_path, responses_parquet=frame_bytes(frame, tmp_path))
    refreshed(workspace)
    assert sorted(published(workspace, "select score, scale from responses")) == [(8, "1-5"), (9, "0-10")]


@pytest.mark.parametrize("kind", ["CSAT", "Stars", "How satisfied are you?", "CES"])
def test_a_kind_that_is_called_like_a_scale_to_five_is_doubted_early(tmp_path: Path, kind: str) -> None:
    rows = [f"5,{kind}", f"4,{kind}"] * 4 + ["10,NPS", "2,NPS"] * 5
    _, (said,) = read(tmp_path, ",question", *rows)
    assert f"All 8 answers whose question is {kind} lie between 4 and 5, others go beyond" in said


def test_a_file_that_is_called_like_a_scale_to_five_is_doubted_early(tmp_path: Path) -> None:
    head = "response_id,customer_id,responded_at,score\n"
    files = {
        "responses_csat__csv": head + "".join(f"a{n},c,2026-01-05,{4 + n % 2}\n" for n in range(8)),
        "responses_nps__csv": head + "".join(f"b{n},c,2026-01-05,{n}\n" for n in range(11)),
    }
    toml = '[sources.responses]\nfiles = "exports/responses*.csv"\n'
    (said,) = refreshed(company(tmp_path, toml, **files)).decisions
    assert str(said).startswith("exports/responses_csat.csv: All 8 answers lie between 4 and 5")


def test_a_kind_of_answers_that_ends_at_five_beside_others_is_doubted(tmp_path: Path) -> None:
    rows = ["5,CSAT", "4,CSAT"] * 10 + ["10,NPS", "2,NPS"] * 5
    _, (said,) = read(tmp_path, ",metric", *rows)
    assert "All 20 answers whose metric is CSAT lie between 4 and 5, others go beyond" in said
    assert "a column scale with 1-5 or 0-10 beside the scores" in said


@pytest.mark.parametrize("rows", [["5,Phone"] * 19 + ["10,NPS"], ["5,Detractor"] * 25 + ["9,Promoter"], ["6,A"] * 30])
def test_few_answers_bands_and_other_scores_are_no_doubt(tmp_path: Path, rows: list[str]) -> None:
    assert [said for said in read(tmp_path, ",type", *rows)[1] if "whose type" in said] == []
