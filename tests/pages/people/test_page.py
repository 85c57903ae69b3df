"""My page without a browser, and the comments it shows: said on the page of OKRs, by name, escaped, once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from kviboard.board.context import open_store_of
from kviboard.board.reviews.meeting import frozen_document
from kviboard.documents.minutes import minutes_story, write_minutes
from kviboard.store import NewComment, Store
from kviboard.workspace import load_workspace
from tests.pages.drawn import Open, words
from tests.pages.okrs.shop import OWNER, Visitor
from tests.pages.okrs.test_page import page_text, store  # noqa: F401 (fixtures)

TYPED = "<script>alert(1)</script> **bold** :red[x] $1$"
NASTY = f"{TYPED} @Care lead"


def test_a_comment_is_said_to_somebody_who_finds_it_on_their_page(store: Store) -> None:  # noqa: F811
    visitor = Visitor("okrs", "Product owner", objective="1", do="comment", of="1")
    visitor.type(text=NASTY)
    assert "Shown on the page of Care lead." in page_text(visitor)
    visitor.type(about="Solved at first contact", text="@Nobody, look")
    assert "Nobody known is called Nobody: choose from the list." in page_text(visitor)
    visitor.type(text=NASTY, mention="Billing lead")
    assert visitor.field("text").value == f"{NASTY} @Billing lead "
    visitor.press("Say it")
    assert "Said, and shown on the page of Care lead and Billing lead." in visitor.told
    (said,) = store.comments.all()
    assert (said.text, said.key_result_id, said.created_by) == (f"{NASTY} @Billing lead", 2, "Product owner")
    shown = next(str(each.value) for each in visitor.app.markdown if "kvi-talk" in str(each.value))
    assert "<script>" not in shown
    assert '<b class="kvi-mention">@Care lead</b>' in shown
    assert "do=edit_comment" in shown

    visitor = Visitor("my_page", "Billing lead")
    assert f"{TYPED} @Care lead @Billing lead" in page_text(visitor)
    assert "mentions Solved at first contact" in page_text(visitor)
    visitor.go(person="care LEAD")
    assert "Customers find help at once" in page_text(visitor)
    assert "<script>" not in "".join(str(each.value) for each in visitor.app.markdown)


def test_a_comment_is_changed_and_taken_away_by_its_author_alone(store: Store) -> None:  # noqa: F811
    said = store.comments.add(NewComment(text="Why?", objective_id=1), author=OWNER)
    visitor = Visitor("okrs", "Product owner", objective="1", do="edit_comment", of=str(said.id))
    visitor.type(text="Why not?")
    visitor.press("Save")
    assert store.comments.get(said.id).text == "Why not?"
    other = Visitor("okrs", "Care lead", objective="1")
    assert "do=archive_comment" not in "".join(str(each.value) for each in other.app.markdown)
    other.go(objective="1", do="archive_comment", of=str(said.id))
    other.press("Take it away")
    assert "Product owner wrote this comment; only they can change it or take it away." in page_text(other)
    visitor.go(objective="1", do="archive_comment", of=str(said.id))
    visitor.press("Take it away")
    assert store.comments.all() == []


def test_my_page_says_what_is_empty_and_asks_who_one_is(shop: Path) -> None:
    visitor = Visitor("my_page")
    assert "Nobody is named yet: choose a person above, or say who you are." in page_text(visitor)
    visitor.say_who("Care lead")
    said = page_text(visitor)
    assert "Nothing waits for you: no check-in, decision or call is open." in said
    assert "Nobody has mentioned you or commented on what is owned here yet." in said
    assert "You own no objective, key result or KVI now" in said
    assert "No prediction in a closed review yet" in said


def test_what_waits_leads_to_the_form_that_does_it(store: Store) -> None:  # noqa: F811
    visitor = Visitor("my_page", "Care lead")
    html = "".join(str(each.value) for each in visitor.app.markdown)
    assert "okrs?do=check_in&amp;of=2" in html  # nobody's own: its objective's owner answers for it
    assert "of=3" not in html
    assert "17 days past due" in page_text(visitor)  # 14 days after 10 March, on 10 April


def test_a_comment_has_the_same_day_everywhere_that_of_the_company_s_clocks(shop: Path, store: Store) -> None:  # noqa: F811
    config = shop / "kviboard.toml"
    config.write_text(config.read_text().replace("[company]\n", '[company]\ntimezone = "Europe/Amsterdam"\n'))
    late = replace(OWNER, at=datetime(2026, 3, 31, 23, 30, tzinfo=UTC))  # half past one in Amsterdam
    store.comments.add(NewComment(text="@Care lead, why?", objective_id=1), author=late)
    visitor = Visitor("okrs", objective="1")
    shown = next(str(each.value) for each in visitor.app.markdown if "kvi-talk" in str(each.value))
    assert "1 Apr 2026, Product owner" in shown
    assert "1 Apr 2026" in page_text(Visitor("my_page", "Care lead"))


def test_a_kvi_that_is_owned_says_where_it_stands(shop: Path) -> None:
    activity = pd.read_csv(shop / "exports" / "activity.csv", parse_dates=["occurred_at"])
    came = activity.assign(day=activity["occurred_at"].dt.normalize())[["day", "customer_id"]].drop_duplicates()
    february, march = ((came["day"].dt.month == month).sum() / days for month, days in ((2, 28), (3, 31)))
    change = f"▲ {(march / february - 1) * 100:.2g} % on Feb 2026 ({february:.3g})"
    said = " ".join(page_text(Visitor("my_page", "Product leadership")).split())
    assert f"Daily active users KVI · {march:.3g} in Mar 2026 · {change}" in said


def test_what_came_of_a_prediction_is_told_in_the_words_of_the_minutes(sample_workspace: Path, open_page: Open) -> None:
    """By sample_data/README.md of Sprint 35: +10 users came, +100 minutes did not."""
    kept = open_store_of(load_workspace(sample_workspace))
    records = [kept.reviews.whole(each.id) for each in kept.reviews.all() if each.sprint == "Sprint 35"]
    kept.close()
    closing = records[0].closing
    assert closing is not None
    minutes = write_minutes(minutes_story(frozen_document(closing), records[0], UTC), "md").decode()
    said = words(open_page(sample_workspace, "my_page", person="Product owner App"))
    for outcome in ("✓ came true", "✕ did not come true"):
        assert outcome in minutes
        assert f"<b>{outcome}</b>" in said
