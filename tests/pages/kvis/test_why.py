"""“Why?” on the page of a KVI, without a browser: the slices that moved it, and what was said in that time."""

import csv
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kviboard.workspace import WORKSPACE_VARIABLE
from tests.pages.drawn import words
from tests.pages.visits import visit


def opened(**choices: str) -> AppTest:
    return visit("kvis", **choices)


def test_it_names_the_slices_their_effects_and_what_was_said(monkeypatch, sample_workspace: Path) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(sample_workspace))
    app = opened(kvi="customer_satisfaction", grain="month", why="usual")
    said = words(app).replace("\u00a0", " ")
    assert not app.exception
    sentence = "6 pp of the fall of 9.8 pp come from there; by its size, 24 % of the whole, it would be 2.4 pp."
    assert sentence in said
    assert "Tile and chart judge per sprint" in said
    assert "What moved it, by country" in said
    assert not re.search(r"own rate|its weight|of the change|n = \d", said)
    assert "Usual ups and downs" in said
    assert "In that time (1–31 Oct 2026)" in said
    app = opened(kvi="customer_satisfaction", grain="month", why="previous")
    assert "on 65.5 % (Sep 2026)" in words(app).replace("\u00a0", " ")


def test_any_two_periods_can_be_compared_by_their_address(monkeypatch, sample_workspace: Path) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(sample_workspace))
    app = opened(kvi="customer_satisfaction", grain="month", why="Jan 2026", why_in="Jul 2026")
    said = words(app).replace("\u00a0", " ")
    assert not app.exception
    assert "Jul 2026&#58; 66.0 %" in said
    assert "(Jan 2026)" in said
    assert "In that time (1–31 Jul 2026)" in said
    later = opened(kvi="customer_satisfaction", grain="month", why="Sep 2026", why_in="Jul 2026")
    assert "(usual, " in words(later)  # a later period is no “before”


def test_it_is_closed_unless_asked(monkeypatch, sample_workspace: Path) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(sample_workspace))
    assert "stands out" not in words(opened(kvi="customer_satisfaction", grain="month"))


def nps_at(workspace: Path, touchpoint: str, first: str, last: str) -> float:
    """Counted by hand, line by line."""
    with (workspace / "exports/responses.csv").open(encoding="utf-8", newline="") as file:
        scores = [
            int(row["How likely are you to recommend us?"])
            for row in csv.DictReader(file)
            if row["Touchpoint"] == touchpoint and first <= row["Answered at"][:10] <= last
        ]
    return 100 * (sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)) / len(scores)


def test_a_score_is_told_at_each_touchpoint(monkeypatch: pytest.MonkeyPatch, sample_workspace: Path) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(sample_workspace))
    said = words(opened(kvi="net_promoter_score", grain="month", why="usual")).replace("\u00a0", " ")
    assert "At each touchpoint (1–31 Oct 2026)" in said
    assert "No touchpoint changed beyond chance." in said
    told = said[said.index("At each touchpoint") :]
    now = nps_at(sample_workspace, "Support chat", "2026-10-01", "2026-10-31")
    before = nps_at(sample_workspace, "Support chat", "2026-08-31", "2026-09-30")  # 31 days before
    row = told[told.index(">Support chat<") :].split("</tr>")[0]
    assert f"{now:.1f}" in row
    assert f"{before:.1f}" in row
    assert "show=touchpoints" in told
    assert "touchpoint=Support+chat" in told


def test_what_is_no_score_has_no_touchpoints(monkeypatch: pytest.MonkeyPatch, sample_workspace: Path) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(sample_workspace))
    assert "At each touchpoint" not in words(opened(kvi="turnover", grain="month", why="usual"))
