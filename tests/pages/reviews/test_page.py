"""The sprint review's page without a browser: what it says at each stage, and what its forms save."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from kviboard.board.board import open_board
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.reviews.meeting import freeze
from kviboard.errors import GivenUpError
from kviboard.store import Author, NewReview
from kviboard.ui import served
from kviboard.workspace import load_workspace
from tests.clocks import on_clocks_of
from tests.pages.drawn import words
from tests.pages.okrs.shop import Visitor, store_of, visiting
from tests.pages.small_shop import Shops

PAGE = "sprint_review"
EVIL = "<script>alert(1)</script> **bold** :red[x]"


@pytest.fixture
def shop(shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop with sprints of 14 days from 1 January 2026; its data ends on 10 April, in Sprint 8."""
    folder = shops(tmp_path / "shop", "\n[sprints]\nfirst_day = 2026-01-01\ndays = 14\n")
    visiting(monkeypatch, folder)
    return folder


def said(visitor: Visitor) -> str:
    return unescape(words(visitor.app)).replace("\u00a0", " ")


def drawn(visitor: Visitor) -> str:
    return "".join(str(each.value) for each in visitor.app.markdown)


def a_chair(**address: str) -> Visitor:
    return Visitor(PAGE, "Chair", **{"sprint": "sprint-7", **address})


def with_goal(shop: Path, goal: str = "Customers find help on the first try") -> None:
    """Sprint 7 with a goal, which began its review; how it is typed is tested by itself."""
    new = NewReview(sprint="Sprint 7", starts_on=date(2026, 3, 26), ends_on=date(2026, 4, 8), goal=goal)
    with closing(store_of(shop)) as store:
        store.reviews.add(new, author=Author("Chair", datetime.now(UTC)))


def with_prediction(visitor: Visitor, **typed: object) -> None:
    visitor.type(**{"kvi": "daily_active_users", "lower": "-5", "upper": "5", **typed})
    visitor.press("Save the prediction")


def test_it_begins_with_the_running_sprint_and_can_prepare_it(shop: Path) -> None:
    visitor = Visitor(PAGE)
    assert "Sprint 8" in said(visitor)
    assert "Prepare the opening" in said(visitor)
    assert "Everybody finds what they need." in said(visitor)  # the vision comes first
    assert "is no sprint" not in said(visitor)
    assert "“sprint-99” is no sprint of this company. This is Sprint 8." in said(a_chair(sprint="sprint-99"))
    unbegun = "The address shows the {0} of Sprint 7, which is not prepared yet. This is its page."
    for act in ("opening", "closing"):
        assert unbegun.format(act) in said(a_chair(present=act))
    assert "The address asks for the view “x”," in said(a_chair(view="x"))


def test_a_sprint_that_is_over_is_prepared_with_a_word_on_its_predictions(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sprint 7 ends on 8 April."""
    for day, is_told in ((8, False), (9, True)):
        on_clocks_of(monkeypatch, datetime(2026, 4, day, 12, tzinfo=UTC))
        assert ("The sprint is over: what is predicted now will not count." in said(a_chair())) == is_told


def test_an_address_of_a_sprint_that_is_not_there_opens_no_meeting_of_another(shop: Path) -> None:
    with_goal(shop)  # of Sprint 8, which could be presented
    visitor = a_chair(sprint="sprint-99", present="opening")
    assert "“sprint-99” is no sprint of this company. This is Sprint 8." in said(visitor)
    assert "which is not" not in said(visitor)
    assert 'href="review?do=goal"' in said(visitor)  # its buttons are about the sprint that is shown
    assert "is no sprint of this company" not in said(a_chair(sprint="sprint-8", present="opening"))


def test_a_long_vision_stands_whole(shop: Path) -> None:
    vision = "Everybody finds what they need, " + "at any hour and in any town, " * 6 + "and never waits."
    config = shop / "kviboard.toml"
    config.write_text(config.read_text().replace("Everybody finds what they need.", vision))
    assert vision in said(Visitor(PAGE))


def test_what_the_data_does_not_reach_is_told_once(shop: Path) -> None:
    visitor = Visitor(PAGE, sprint="sprint-9")  # begins on 23 April, the data ends on the 10th
    assert "The data does not reach far enough" in said(visitor)
    assert said(visitor).count("up to 10 Apr 2026: it lacks") == 1
    assert "What the data does not reach" not in said(visitor)  # the step that the big screen has for it


def test_days_of_a_running_sprint_that_are_still_to_come_are_no_lack(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sprint 8 is 9 to 22 April, the data ends on the 10th; it lacks days once the sprint is over."""
    new = NewReview(
        sprint="Sprint 8", starts_on=date(2026, 4, 9), ends_on=date(2026, 4, 22), goal="Customers find help"
    )
    chair = Author("Chair", datetime(2026, 4, 9, 8, tzinfo=UTC))
    with closing(store_of(shop)) as store:
        review = store.reviews.add(new, author=chair)
        freeze(BoardContext(open_board(load_workspace(shop)), store), review, "opening", author=chair)
    for day, is_told in ((22, False), (23, True)):
        on_clocks_of(monkeypatch, datetime(2026, 4, day, 12, tzinfo=UTC))
        assert ("The data does not reach far enough" in said(Visitor(PAGE, sprint="sprint-8"))) == is_told


def test_who_only_looks_keeps_every_link_where_an_address_names_a_form(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that kept the form would be taken for one to it, and hidden."""
    with_goal(shop)
    for is_read_only in ("", "1"):
        monkeypatch.setenv(served.READ_ONLY_VARIABLE, is_read_only)
        shown = drawn(a_chair(do="predict"))
        assert "present=opening" in shown
        assert "do=predict&amp;present=opening" not in shown


def test_a_goal_begins_the_review_and_is_coached_while_typed(shop: Path) -> None:
    visitor = a_chair(do="goal")
    visitor.type(goal="Launch the help centre")
    assert "says what we do" in said(visitor)
    visitor.press("Save the goal")
    (review,) = store_of(shop).reviews.all()
    assert (review.sprint, review.goal, review.created_by) == ("Sprint 7", "Launch the help centre", "Chair")
    assert "Present the opening" in said(visitor)


def test_a_prediction_is_made_changed_and_taken_back(shop: Path) -> None:
    with_goal(shop)
    visitor = a_chair(do="predict")
    with_prediction(visitor)
    assert "Predicted: between −5 and +5." in visitor.told.replace("\u00a0", " ")
    visitor.go(sprint="sprint-7", do="edit_prediction", of="1")
    assert visitor.field("lower").value == "−5"
    visitor.type(lower="", confidence=90)
    assert "Taken as at most +5." in said(visitor)
    visitor.press("Save the prediction")
    (prediction,) = store_of(shop).reviews.whole(1).predictions
    assert (prediction.lower, prediction.upper, prediction.confidence) == (None, 5, 90)
    visitor.go(sprint="sprint-7", do="drop_prediction", of="1")
    visitor.press("Take it back")
    assert store_of(shop).reviews.whole(1).predictions == ()


def test_a_prediction_without_a_bound_is_refused_and_nothing_typed_is_lost(shop: Path) -> None:
    with_goal(shop)
    visitor = a_chair(do="predict")
    visitor.type(kvi="daily_active_users", because="The new help")
    visitor.press("Save the prediction")
    assert "it has no bound" in said(visitor)
    assert visitor.field("because").value == "The new help"
    assert store_of(shop).reviews.whole(1).predictions == ()


def test_decisions_are_written_down_settled_and_dropped_only_with_a_reason(shop: Path) -> None:
    visitor = a_chair(view="decisions", do="decide")
    visitor.type(text="Call ten customers", owner="Care lead")
    visitor.press("Save")
    assert "Call ten customers" in said(visitor)
    visitor.go(view="decisions", do="settle", of="1")
    visitor.type(state="dropped")
    visitor.press("Save")
    assert "Say why it is dropped." in said(visitor)
    visitor.type(outcome="Nobody answers the phone")
    visitor.press("Save")
    (decision,) = store_of(shop).decisions.all()
    assert (decision.state, decision.outcome) == ("dropped", "Nobody answers the phone")
    assert "✕ dropped: Nobody answers the phone" in said(visitor)


def test_what_people_type_is_no_markup(shop: Path) -> None:
    with_goal(shop, EVIL)
    visitor = a_chair(do="predict")
    with_prediction(visitor, because=EVIL)
    visitor.go(view="decisions", do="decide")
    visitor.type(text=EVIL, owner=EVIL)
    visitor.press("Save")
    drawn = words(visitor.app)
    visitor.go(sprint="sprint-7", view="")
    drawn += words(visitor.app)
    assert "&lt;script&gt;" in drawn
    assert "<script>" not in drawn
    assert ":red[" not in drawn  # the colon is written as an entity


def test_a_company_without_sprints_gets_a_sentence_and_a_next_step(
    shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shops(tmp_path / "plain")
    visiting(monkeypatch, folder)
    visitor = Visitor(PAGE)
    assert "has no sprints yet" in said(visitor)
    assert "[sprints]" in said(visitor)


def test_the_sample_shows_the_corrected_number_beside_the_frozen_one(
    sample_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visiting(monkeypatch, sample_workspace)
    shown = said(Visitor(PAGE, sprint="sprint-36"))
    assert "then 11.9 per 1,000, as corrected now 15.0 per 1,000" in shown
    assert "Addenda" in shown
    assert "then" not in said(Visitor(PAGE, sprint="sprint-37")).split("Minutes")[0]


def test_the_history_and_the_decisions_of_the_sample(sample_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visiting(monkeypatch, sample_workspace)
    history = said(Visitor(PAGE, view="history"))
    assert "7 of 11" in history
    assert "Prediction quality: barely better than a coin toss." in history
    assert "too few to say (3 of 5)" in history
    assert "3 open, 1 past due on 31 Oct 2026" in said(Visitor(PAGE, view="decisions"))


def test_what_cannot_be_presented_yet_shows_the_desk_with_its_heading(shop: Path) -> None:
    assert "Open the sprint with a prediction" in said(a_chair(present="opening"))  # nobody has begun its review
    with_goal(shop)
    desk = said(a_chair(present="closing"))  # nothing is opened that could be closed
    assert "Open the sprint with a prediction" in desk
    assert "Present the opening" in desk
    store = store_of(shop)
    assert store.drafts.get("meeting 1 closing", "the meeting") is None  # no numbers that the closing would take over


def test_a_meeting_looked_at_before_the_data_came_says_that_its_numbers_are_older(shop: Path) -> None:
    with_goal(shop)
    a_chair(present="opening")
    assert "numbers are kept" not in said(a_chair())
    store = store_of(shop)
    kept = store.drafts.get("meeting 1 opening", "the meeting")
    assert kept is not None
    store.drafts.keep(kept.form, {**kept.typed, "data_through": "2026-04-01"}, at=kept.kept_at, by=kept.person)
    desk = said(a_chair())
    assert "They were taken when the data reached 1 Apr 2026; it reaches 10 Apr 2026 now." in desk
    assert "Take the newest numbers" in desk


def closed_by(shop: Path, name: str, minutes_ago: int) -> BoardContext:
    """Sprint 7, opened and closed by this person so long ago."""
    with_goal(shop)
    here = load_workspace(shop)
    context = BoardContext(open_board(here), open_store_of(here))
    (review,) = context.store.reviews.all()
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    for act in ("opening", "closing"):
        freeze(context, review, act, ["Ada"], author=Author(name, at))
    return context


def test_who_closed_a_review_is_offered_to_undo_it_for_ten_minutes(shop: Path) -> None:
    context = closed_by(shop, "Chair", 3)
    desk = said(a_chair())
    assert "Undo the closing (7 minutes left)" in desk
    assert desk.index("Minutes of the closing") < desk.index("Minutes of the opening")
    assert "Undo the closing" not in said(Visitor(PAGE, "Somebody else", sprint="sprint-7"))
    visitor = a_chair(do="undo_closing")
    visitor.press("Undo the closing")
    assert "“Sprint 7” is open again." in visitor.told
    (again,) = context.store.reviews.all()
    assert context.store.reviews.whole(again.id).closing is None
    assert "Present the closing" in said(a_chair())


def test_dropped_stories_are_coached_each_with_a_better_wording_and_kept_where_somebody_says_so(shop: Path) -> None:
    visitor = Visitor(PAGE, sprint="sprint-8")
    visitor.app.session_state["review-stories-box"] = True
    visitor.app.run()
    (box,) = visitor.app.get("file_uploader")
    good, lacking = "As a tenant I want a price so that I can wash cheaply", "As a customer I want a bill"
    stories = f"key,story\nK-1,{good}\nK-2,{lacking}\nK-3,{EVIL}\n"
    box.upload("sprint-8.csv", stories.encode(), "text/csv").run()
    told = said(visitor)
    assert "1 of 2 stories says what a customer gets (50 %); 1 in a language that the coach does not know." in told
    assert told.index("K-2") < told.index("K-1")  # what can be mended first
    assert f"<b>Better:</b> {lacking}" in told
    assert "<script>" not in words(visitor.app)
    store = open_store_of(load_workspace(shop))
    assert store.stories.of("Sprint 8", None) is None
    visitor.app.button(key="keep-stories").click().run()
    assert "Kept: the opening of Sprint 8 will say it." in said(visitor)
    assert ("K-2", lacking) in (store.stories.of("Sprint 8", None) or ())
    store.close()
    assert "instead of those kept before" in visitor.app.button(key="keep-stories").label
    (box,) = visitor.app.get("file_uploader")
    box.upload("sprint-8.csv", b"a,b\n1,2\n", "text/csv").run()
    assert "No column looks like stories" in " ".join(error.value for error in visitor.app.error)


def test_stories_are_read_apart_and_what_takes_too_much_is_given_up_by_name(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*asked: object) -> object:
        raise GivenUpError("takes longer than 180 seconds")

    monkeypatch.setattr(served, "apart", lambda: give_up)
    visitor = Visitor(PAGE)
    visitor.app.session_state["review-stories-box"] = True
    visitor.app.run()
    (box,) = visitor.app.get("file_uploader")
    box.upload(f"../{'ø' * 300}.csv", b"story\nAs a tenant\n", "text/csv").run()
    assert not visitor.app.exception
    (error,) = visitor.app.error
    assert error.value.startswith("øø")  # as much of its name as a file's may be long
    assert error.value.endswith("ø.csv takes longer than 180 seconds.")
