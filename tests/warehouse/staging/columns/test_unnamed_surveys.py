"""Answers without a survey beside others that name one are said, for they count as relationship answers."""

from pathlib import Path

import pytest

from tests.warehouse.company import company
from tests.warehouse.staged import refreshed


@pytest.mark.parametrize(
    ("surveys", "what"),
    [
        (["transactional", "", "", "relationship"], "2 of 4 answers name no survey, and count as relationship ones."),
        (["transactional", "", "relationship"], "1 of 3 answers names no survey, and counts as a relationship one."),
        (["", "", ""], ""),  # the export knows one survey
        (["transactional", "relationship"], ""),
    ],
)
def test_answers_without_a_survey_are_said_where_others_name_one(tmp_path: Path, surveys: list[str], what: str) -> None:
    rows = "".join(f"r{n},c{n},2026-01-05,9,{survey}\n" for n, survey in enumerate(surveys))
    answers = f"response_id,customer_id,responded_at,score,survey\n{rows}"
    found = refreshed(company(tmp_path, responses_csv=answers)).decisions
    said = [each for each in found if "no survey" in each.what]
    assert [(each.what, each.level) for each in said] == ([(what, "warning")] if what else [])


def test_so_are_invitations(tmp_path: Path) -> None:
    answers = "response_id,customer_id,responded_at,score\nr,c,2026-01-05,9\n"
    asked = "customer_id,invited_at,survey\nc,2026-01-04,\nd,2026-01-04,transactional\n"
    found = refreshed(company(tmp_path, responses_csv=answers, invitations_csv=asked)).decisions
    assert [each.where for each in found if "1 of 2 invitations names no survey" in each.what] == [
        "The invitations export"
    ]
