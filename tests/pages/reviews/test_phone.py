"""The page on which phones answer, without a browser: two meetings at once are told apart."""

from contextlib import closing
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest

from kviboard.store import Author, NewPoll, NewReview
from tests.pages.drawn import words
from tests.pages.okrs.shop import Visitor, store_of, visiting
from tests.pages.small_shop import Shops

SPRINTS = {"Sprint 7": (date(2026, 3, 26), date(2026, 4, 8)), "Sprint 8": (date(2026, 4, 9), date(2026, 4, 22))}


@pytest.fixture
def shop(shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop in which the closing of Sprint 7 asks for confidence and the opening of Sprint 8 for a prediction."""
    folder = shops(tmp_path / "shop", "\n[sprints]\nfirst_day = 2026-01-01\ndays = 14\n")
    visiting(monkeypatch, folder)
    chair = Author("Chair", datetime.now(UTC))
    with closing(store_of(folder)) as store:
        for name, (starts_on, ends_on) in SPRINTS.items():
            review = store.reviews.add(NewReview(sprint=name, starts_on=starts_on, ends_on=ends_on), author=chair)
            asks = {"asks": "confidence"} if name == "Sprint 7" else {"asks": "change", "kvi": "turnover"}
            store.polls.add(NewPoll(review_id=review.id, **asks), author=chair)
    return folder


def said(**address: str) -> str:
    return unescape(words(Visitor("meeting", **address).app))


@pytest.mark.usefixtures("shop")
def test_phones_of_two_meetings_are_asked_which_is_theirs_and_told_where_they_are() -> None:
    asked = said()
    assert "Several meetings ask something: which one are you in?" in asked
    for sprint in ("sprint-8", "sprint-7"):
        assert f'href="meeting?sprint={sprint}"' in asked
    assert "How sure are we" not in asked
    one = said(sprint="sprint-7")
    assert "How sure are we that these decisions help customers?" in one
    assert "Not your meeting?" in one
    assert 'href="meeting?sprint=sprint-8"' in one
    assert "By how much does it change until Sprint 8 ends?" in said(sprint="sprint-8")
