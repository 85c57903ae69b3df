"""“Why?” on the page of a KVI, without a browser: the slices that moved it, and what was said in that time."""

from pathlib import Path

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
    assert "Small business (segment) explains 61 % of the change, with 24 % of the whole" in said
    assert "Tile and chart say what is usual per sprint" in said
    assert "Effects by country" in said
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
    assert "explains" not in words(opened(kvi="customer_satisfaction", grain="month"))
