"""The Promoters page without a browser: what its choices show, and what it says where there is nothing to show."""

import os
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kviboard.workspace import WORKSPACE_VARIABLE
from tests.numbers.sample_exports import answers
from tests.pages.drawn import words
from tests.pages.okrs.shop import Visitor, store_of, visiting
from tests.pages.visits import visit


@pytest.fixture(scope="module")
def shown(sample_workspace: Path) -> AppTest:
    """The page with a move, a slice and a cost in its address."""
    os.environ[WORKSPACE_VARIABLE] = str(sample_workspace)
    return visit("promoters", move="promoter_to_passive", by="segment", cost="50", range="6m")


def test_it_says_where_we_stand_with_interval_and_number(shown: AppTest) -> None:
    assert not shown.exception
    # 959 promoters and 409 detractors of 2,225 answers from May to October: 550 / 2,225 = 24.7 points. The variance is
    # 0.431 + 0.184 − 0.247² = 0.554, and of 1,771 customers 454 answered twice: the squares of what customers say
    # beyond the mean come to 1,559, those of answers to 1,232: 1.96 × √(0.554 × 1.265 / 2,225) = 3.48 points.
    assert "NPS +24.7 (±3.5 by chance) from 2,225 answers of 1 May – 31 Oct 2026" in words(shown).replace("\u00a0", " ")


def test_it_compares_the_score_with_the_days_before(shown: AppTest) -> None:
    given = answers().query("survey == 'relationship'")
    before = given.loc[(given["day"] >= "2025-10-29") & (given["day"] < "2026-05-01"), "score"]
    nps = 100 * ((before >= 9).mean() - (before <= 6).mean())
    said = unescape(words(shown)).replace("\u00a0", " ")
    assert f"the 184 days before, 29 Oct 2025 – 30 Apr 2026: {nps:+.1f} from {len(before):,} answers." in said


def test_where_answers_do_not_reach_back_as_far_it_compares_with_those_there_are(sample_workspace: Path) -> None:
    os.environ[WORKSPACE_VARIABLE] = str(sample_workspace)
    given = answers().query("survey == 'relationship'")
    before = given.loc[given["day"] < "2025-11-01", "score"]  # of 12 months, and they begin on 5 May 2025
    nps = 100 * ((before >= 9).mean() - (before <= 6).mean())
    said = unescape(words(visit("promoters"))).replace("\u00a0", " ")
    assert f"the 180 days before, 5 May – 31 Oct 2025: {nps:+.1f} from {len(before):,} answers." in said
    everything = words(visit("promoters", range="all"))
    assert "there are no answers before" in everything


def test_the_list_behind_a_move_is_open(shown: AppTest) -> None:
    assert "customers who went from promoter to passive since 1 May 2026" in words(shown)
    assert "The 20 with the highest revenue" in words(shown)


def test_the_business_case_names_group_cost_and_that_it_proves_no_cause(shown: AppTest) -> None:
    said = words(shown).replace("\u00a0", " ")
    assert "Lifting 10 % of 669 passives to promoters" in said
    assert "at €50 leaves" in said
    assert "does not prove that the score makes the difference" in said
    assert "Small business" in said


def test_the_business_case_is_kept_with_a_decision(own_sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visiting(monkeypatch, own_sample)
    visitor = Visitor("promoters", "Chair", do="decide_case", lifted="20")
    visitor.type(text="Call every passive before the renewal", owner="Care lead")
    visitor.press("Save")
    (made,) = [each for each in store_of(own_sample).decisions.all() if each.owner == "Care lead"]
    kept = made.text.replace("\u00a0", " ")
    assert kept.startswith("Call every passive before the renewal. Why: Lifting 20 % of 669 passives to promoters")
    assert "Revenue of 1 Nov 2025 – 31 Oct 2026." in kept
    assert "does not prove" in kept
    assert made.review_id is None
