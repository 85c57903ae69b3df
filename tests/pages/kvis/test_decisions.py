"""From a signal to a response on the page of a KVI: decide, mark done, read what came of it."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from kviboard.domain.formatting import format_day
from tests.numbers.test_sample_story import LAST_DAY
from tests.pages.drawn import words
from tests.pages.okrs.shop import Visitor, store_of, visiting

YESTERDAY = LAST_DAY.date() - timedelta(days=1)
"""The day before the last one of the sample."""


def test_what_is_decided_stands_on_the_page_until_it_is_done(own_sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visiting(monkeypatch, own_sample)
    visitor = Visitor("kvis", "Chair", do="decide_kvi", kvi="customer_satisfaction", segment="Small business")
    visitor.type(
        text="Explain the new price by telephone!", reason="the price of May", owner="Care lead", due_on=YESTERDAY
    )
    visitor.press("Save")
    (made,) = [each for each in store_of(own_sample).decisions.all("open") if each.owner == "Care lead"]
    assert (made.kvi, made.review_id) == ("customer_satisfaction", None)
    assert made.text == "Explain the new price by telephone! We think: the price of May"
    assert (made.where, made.period) == ({"segment": ["Small business"]}, "Sprint 38")
    shown = words(Visitor("kvis", "Chair", kvi="customer_satisfaction").app)
    assert "the price of May (Customer satisfaction · Small business · Sprint 38)" in shown
    assert f"due {format_day(YESTERDAY)}, 1 day past due" in shown
    settling = Visitor("kvis", "Chair", do="settle_kvi", of=str(made.id), kvi="customer_satisfaction")
    settling.press("Save")
    assert store_of(own_sample).decisions.get(made.id).state == "open"  # it was not said what it is
    settling = Visitor("kvis", "Chair", do="settle_kvi", of=str(made.id), kvi="customer_satisfaction")
    settling.type(state="done", outcome="212 called")
    settling.press("Save")
    assert store_of(own_sample).decisions.get(made.id).state == "done"
    assert "Too early to say" in words(Visitor("kvis", "Chair", kvi="customer_satisfaction").app)


def test_links_leave_the_open_form_behind(own_sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visiting(monkeypatch, own_sample)
    drawn = unescape(words(Visitor("kvis", "Chair", do="decide_kvi", kvi="customer_satisfaction", grain="month").app))
    others = re.findall(r'href="(kvis\?[^"]*\bkvi=(?!customer_satisfaction)[^"]*)"', drawn)
    assert len(others) > 3
    assert [link for link in others if "grain=month" not in link or "do=" in link] == []
