"""Slices of a KVI on its page, without a browser: each says what is usual for it and on how much it rests."""

import csv
import re
from pathlib import Path

import pytest

from kviboard.workspace import WORKSPACE_VARIABLE
from tests.pages.drawn import words
from tests.pages.visits import visit


def answers_of(exports: Path, segment: str, first: str, last: str) -> int:
    """Of the survey that sets scores, counted line by line."""
    with (exports / "customers.csv").open(encoding="utf-8-sig", newline="") as file:
        segments = {row["Customer No"]: row["Segment"] for row in csv.DictReader(file)}
    with (exports / "responses.csv").open(encoding="utf-8", newline="") as file:
        return sum(
            segments.get(row["Customer ID"]) == segment and first <= row["Answered at"][:10] <= last
            for row in csv.DictReader(file)
            if row["Survey"] == "relationship"
        )


def test_a_slice_says_what_is_usual_for_it_and_on_how_many_answers_it_rests(
    monkeypatch: pytest.MonkeyPatch, sample_workspace: Path
) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(sample_workspace))
    said = words(visit("kvis", kvi="net_promoter_score", by="segment")).replace("\u00a0", " ")
    row = said[said.index(">Small business</a>") :].split("</tr>")[0]
    count = answers_of(sample_workspace / "exports", "Small business", "2026-10-14", "2026-10-27")
    assert re.search(rf"usually −?[\d.]+ \(.+\) · based on {count} \(±[\d.]+ by chance\)", row)
    assert "based on 0" not in said
