"""The Voice page without a browser: what its choices show, and to whom."""

import html
import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kviboard.domain.access import Person
from kviboard.ui import access, personal
from kviboard.ui.kvis import voices
from kviboard.workspace import WORKSPACE_VARIABLE
from tests.pages.drawn import words
from tests.pages.visits import visit


def opened(workspace: Path, page: str = "voice", **choices: str) -> AppTest:
    os.environ[WORKSPACE_VARIABLE] = str(workspace)
    app = visit(page, **choices)
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return html.unescape(words(app)).replace("\u00a0", " ")


def test_it_says_first_who_wrote_and_what_pulls_the_score(sample_workspace: Path) -> None:
    told = said(opened(sample_workspace))
    assert (
        "2,857 comments of 1 Nov 2025 – 31 Oct 2026: 1,336 by promoters, 827 by passives and 694 by detractors." in told
    )
    added = "would add 17.0 points to the Net Promoter Score of all together ("
    assert f"Raising Installation visit to the level of the other touchpoints {added}" in told
    assert "Promoters say" in told
    assert "show=comments&q=%22fitter%22" in told


def test_a_theme_leads_to_its_comments(sample_workspace: Path) -> None:
    told = said(opened(sample_workspace))
    assert "70 of 2,857 comments" in told
    listed = said(opened(sample_workspace, show="comments", theme="price"))
    assert "70 comments; the newest 25 are shown" in listed
    assert "too expensive now for a small bakery" in listed


def test_what_is_unusual_of_a_theme_does_not_change_with_the_periods_looked_at(sample_workspace: Path) -> None:
    """Price had settled at a new level by Sprint 33: per day nobody could judge a handful of comments."""
    verdict = "Sprint 38: 1.77 %, the usual ups and downs."
    told = said(opened(sample_workspace))
    assert verdict in told
    assert "Judged per sprint" not in told
    assert "the band what is usual" in told
    for grain in ("day", "month"):
        told = said(opened(sample_workspace, grain=grain))
        assert f"Judged per sprint. {verdict}" in told
        assert "the band what is usual" not in told


@pytest.mark.parametrize("grain", ["week", "sprint", "month"])
def test_themes_are_shown_where_no_period_of_the_range_is_over(grain: str, sample_workspace: Path) -> None:
    """The running sprint alone, of which nothing can be judged yet."""
    told = said(opened(sample_workspace, grain=grain, range="2026-10-30..2026-10-31"))
    assert "usual ups and downs" not in told.partition("Themes to follow")[2]
    assert "Appointments: " in told


def test_a_touchpoint_opens_its_trend_and_its_comments(sample_workspace: Path) -> None:
    told = said(opened(sample_workspace, show="touchpoints", touchpoint="Delivery", range="6m"))
    assert "Delivery over time" in told
    assert "no change shown" in told
    assert "Comments at Delivery" in told


def test_complaints_name_what_became_more_frequent(sample_workspace: Path) -> None:
    told = said(opened(sample_workspace, show="complaints", range="6m", topic="Price"))
    trend = told.partition("Price over time")[2]
    assert "Per 1,000 customers active in 28 days, for 28 days; lines show how far chance can reach (95 %)." in trend
    assert "more" in told


def test_drivers_say_that_they_prove_no_cause(sample_workspace: Path) -> None:
    told = said(opened(sample_workspace, show="drivers"))
    assert "It says where the score is lost, not what causes it" in told
    assert "Raising segment: Small business to the level of the rest would add 7.0 points" in told


def test_search_goes_through_the_address(sample_workspace: Path) -> None:
    told = said(opened(sample_workspace, show="comments", q="price", said_by="detractor"))
    assert "51 comments; the newest 25 are shown" in told
    assert "No comment matches." in said(opened(sample_workspace, show="comments", q="zebra"))


@pytest.mark.parametrize("page", ["voice", "kvis"])
def test_comments_are_quoted_only_to_those_who_may_see_customers(
    page: str, sample_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = {"show": "comments", "kvi": "customer_satisfaction", "grain": "month", "why": "usual"}
    assert "<q>" in words(opened(sample_workspace, page, **choices))
    viewer = Person("Vera", "vera", "viewer", sees_customers=False)
    for module in (personal, access, voices):
        monkeypatch.setattr(module, "visitor", lambda: viewer)
    told = words(opened(sample_workspace, page, **choices))
    assert "<q>" not in told
    assert ("ask an admin" in told) == (page == "voice")


def test_a_named_segment_is_kept_in_the_address(sample_workspace: Path) -> None:
    named = opened(sample_workspace, in_segment="large_accounts")
    assert "large_accounts" in named.query_params["in_segment"]
    assert lead(named) != lead(opened(sample_workspace))
    within = opened(sample_workspace, in_segment="large_accounts", segment="Small business")
    assert lead(within) == lead(opened(sample_workspace, segment="Small business", plan="Pro"))


def lead(app: AppTest) -> str:
    (line,) = [line for line in said(app).splitlines() if "kvi-customers-lead" in line]
    return line


def test_whom_to_call_is_shown_with_its_share_and_what_came_of_it(sample_workspace: Path) -> None:
    told = said(opened(sample_workspace, show="loop"))
    assert "3 answers of customers wait for a call, 1 of them past due." in told
    assert "Since 12 Oct 2026, 60 of 67 detractors were called back within 2 working days (89.6 %)." in told
    assert "Detractors whom nobody has taken up" in told
    assert "do=take_up&of=A" in told
    assert "Talked and solved it on 30 Oct 2026" in told


def test_without_the_right_to_see_customers_only_the_share_is_shown(
    sample_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = Person("Vera", "vera", "editor", sees_customers=False)
    for module in (personal, access):
        monkeypatch.setattr(module, "visitor", lambda: editor)
    told = said(opened(sample_workspace, show="loop"))
    assert "were called back within 2 working days" in told
    assert "take_up" not in told
    assert "ask an admin" in told


def test_who_answers_says_where_a_score_is_doubtful(sample_workspace: Path) -> None:
    chat = said(opened(sample_workspace, show="asked", touchpoint="Support chat"))
    assert "Only 12.9 % of those asked answer: the score speaks for few of them." in chat
    assert "Only" not in said(opened(sample_workspace, show="asked"))
    for page in ("voice", "promoters"):
        assert "52.6 % of the 2,064 asked in 19 Jul – 17 Oct 2026 answered" in said(opened(sample_workspace, page))
    assert "asked in" in said(opened(sample_workspace, "kvis", kvi="net_promoter_score"))
    assert "asked in" not in said(opened(sample_workspace, "kvis", kvi="daily_active_users"))
