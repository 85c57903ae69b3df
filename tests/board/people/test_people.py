"""Who is known, what waits for whom, what is said to them, what they own, and of what they are reminded."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kviboard.board.context import BoardContext
from kviboard.board.people.comments import reword, say, take_away
from kviboard.board.people.due import due_of
from kviboard.board.people.known import known_people
from kviboard.board.people.owned import owned_by
from kviboard.board.people.reminders import reminders
from kviboard.board.people.said import said_to
from kviboard.board.people.waiting import Kind, due_now, how_many, of_person, waiting
from kviboard.board.voice.follow_ups import loop_of
from kviboard.documents.reminders import reminder_text, reminder_title
from kviboard.errors import StoreError
from kviboard.store import NewCheckIn, NewComment, NewDecision, NewFollowUp, NewKviNote
from tests.board.okrs.given import a_key_result, a_quarter, active, an_author, an_objective
from tests.clocks import on_clocks_of

TODAY = date(2026, 3, 12)  # the tiny company's data ends on it
CARE, LEAD = "Care lead", "Product owner"


def decide(context: BoardContext, due_on: date, owner: str = CARE, text: str = "Ask them") -> None:
    context.store.decisions.add(NewDecision(text=text, owner=owner, due_on=due_on), author=an_author())


def a_busy_quarter(context: BoardContext) -> None:
    """A key result of Care checked in 20 days ago, its cadence 14 days; one that nobody owns, never checked in; a draft
    of Growth; a decision of Care and a call."""
    quarter = a_quarter(context)
    help_ = an_objective(context, quarter)
    mine = a_key_result(context, help_, owner=CARE)
    a_key_result(context, help_, "Solved at once", owner=None)
    active(context, help_)
    new = NewCheckIn(key_result_id=mine.id, day=TODAY - timedelta(days=20), value=None, confidence=5)
    context.store.check_ins.add(new, author=an_author(TODAY))
    an_objective(context, quarter, "Customers feel at home", owner="Growth lead")
    decide(context, TODAY + timedelta(days=8))
    call = NewFollowUp(response_id="2", answered_on=TODAY, band="detractor", owner="care  LEAD", due_on=TODAY)
    context.store.follow_ups.add(call, author=an_author())


def test_what_waits_is_sorted_by_its_day_and_belongs_to_one_person(context: BoardContext) -> None:
    a_busy_quarter(context)
    found = waiting(context)
    assert [(each.kind, each.owner, each.due_on) for each in found] == [
        (Kind.CHECK_IN, LEAD, date(2026, 1, 15)),  # the owner of its objective; 14 days from the cycle's first
        (Kind.CHECK_IN, CARE, date(2026, 3, 6)),
        (Kind.CALL, "care LEAD", TODAY),
        (Kind.DECISION, CARE, date(2026, 3, 20)),
        (Kind.DRAFT, "Growth lead", None),
    ]
    assert [each.when for each in of_person(found, CARE)] == ["6 days past due", "due today", "due in 8 days"]
    assert [each.kind for each in due_now(of_person(found, CARE))] == [Kind.CHECK_IN, Kind.CALL]
    assert of_person(found, "Nobody") == of_person(found, "") == ()
    assert how_many(of_person(found, CARE), "you") == "3 things wait for you, 1 of them past due"
    assert how_many(of_person(found, LEAD), LEAD) == "1 thing waits for Product owner, past due"
    assert how_many((), "you") == ""


@pytest.mark.parametrize(("age", "waits"), [(6, False), (7, True), (14, True), (15, True)])
def test_a_check_in_waits_from_a_week_before_it_is_due(context: BoardContext, age: int, waits: bool) -> None:
    objective = an_objective(context, a_quarter(context))
    record = a_key_result(context, objective)
    active(context, objective)
    new = NewCheckIn(key_result_id=record.id, day=TODAY - timedelta(days=age), value=None, confidence=5)
    context.store.check_ins.add(new, author=an_author(TODAY))
    assert [each.days for each in waiting(context)] == ([age - 14] if waits else [])


def test_what_is_owed_falls_due_although_no_data_arrives(
    context: BoardContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data ends on 12 March; on the clocks it is the 1st of May."""
    a_busy_quarter(context)
    on_clocks_of(monkeypatch, datetime(2026, 5, 1, 12, tzinfo=UTC))
    assert [(each.kind, each.owner, each.days) for each in waiting(context)] == [
        (Kind.CHECK_IN, LEAD, 75),  # up to the quarter's end, which asks for none afterwards
        (Kind.CHECK_IN, CARE, 25),
        (Kind.CALL, "care LEAD", 50),
        (Kind.DECISION, CARE, 42),
        (Kind.CLOSE, LEAD, 31),
        (Kind.DRAFT, "Growth lead", None),
    ]
    (due,) = due_of(context.store.decisions.all("open"), context.board.clock_day)
    assert (due.when, loop_of(context).open[0].when) == ("42 days past due", "50 days past due")


def test_nothing_waits_without_a_quarter_and_an_ended_one_waits_to_be_closed(context: BoardContext) -> None:
    assert waiting(context) == ()
    ended = a_quarter(context, "Winter", date(2025, 12, 1), date(2026, 2, 28))
    objective = an_objective(context, ended)
    a_key_result(context, objective)
    active(context, objective)
    assert [(each.kind, each.days) for each in waiting(context)] == [(Kind.CHECK_IN, 75), (Kind.CLOSE, 12)]


def test_people_are_those_who_own_or_wrote_something(context: BoardContext) -> None:
    a_busy_quarter(context)
    of_kvis = {kvi.owner for kvi in context.board.catalog.kvis.values()} - {""}
    assert set(known_people(context)) == {"Care lead", "Growth lead", "Product owner", *of_kvis}


def test_what_others_say_is_what_mentions_somebody_or_is_about_what_they_own(context: BoardContext) -> None:
    a_busy_quarter(context)
    objective, record = context.store.objectives.get(1), context.store.key_results.get(1)
    people, colleague = known_people(context), an_author(TODAY, by=CARE)
    say(context.store, NewComment(text=" Why? \n", objective_id=objective.id), author=colleague)
    say(context.store, NewComment(text="@care lead look", key_result_id=record.id), author=an_author(TODAY))
    say(context.store, NewComment(text="And @growth?", decision_id=1), author=an_author(TODAY))
    context.store.kvi_notes.add(NewKviNote(kvi="turnover", day=TODAY, text="@Care lead called"), author=an_author())
    new = NewCheckIn(key_result_id=record.id, day=TODAY, value=None, comment="Thanks to @Growth lead")
    context.store.check_ins.add(new, author=an_author(TODAY))

    def said(name: str) -> set[tuple[str, str, bool]]:
        return {(each.text, each.page, each.mentions) for each in said_to(context, [name], people)}

    assert said(LEAD) == {("Why?", "okrs", False)}
    assert said(CARE) == {
        ("@care lead look", "okrs", True), ("And @growth?", "review", False), ("@Care lead called", "kvis", True),
    }  # fmt: skip
    assert said("Growth lead") == {("And @growth?", "review", True), ("Thanks to @Growth lead", "okrs", True)}
    assert said("Nobody") == set()
    (about, *_) = said_to(context, [LEAD], people)
    assert (about.about, about.by, about.address) == (objective.title, CARE, (("objective", "1"),))


def test_a_comment_is_reworded_and_taken_away_by_its_author_and_never_empty(context: BoardContext) -> None:
    a_busy_quarter(context)
    said = say(context.store, NewComment(text="Why?", objective_id=1), author=an_author(TODAY))
    with pytest.raises(StoreError) as refused:
        reword(context.store, said, " \n ", author=an_author(TODAY))
    assert [str(problem) for problem in refused.value.problems] == [
        "Comment: it is empty. Write what you have to say, or close the form."
    ]
    again = reword(context.store, said, "Why not?", author=an_author(TODAY))
    with pytest.raises(StoreError, match="only they can change it"):
        take_away(context.store, again, author=an_author(TODAY, by=CARE))
    take_away(context.store, again, author=an_author(TODAY))
    assert said_to(context, [LEAD], known_people(context)) == ()


def test_somebody_owns_objectives_key_results_of_others_and_kvis(context: BoardContext) -> None:
    a_busy_quarter(context)
    board = context.board
    kvi = replace(board.catalog.kvis["turnover"], owner="care lead")
    catalog = replace(board.catalog, kvis={**board.catalog.kvis, "turnover": kvi})
    owned = owned_by(replace(context, board=replace(board, catalog=catalog)), CARE)
    assert (owned.cycle, owned.objectives, [part.record.id for _, part in owned.key_results]) == ("Q1 2026", (), [1])
    assert [each.name for each in owned.kvis] == ["turnover"]
    mine = owned_by(context, LEAD)
    assert ([view.record.id for view in mine.objectives], mine.key_results) == ([1], ())
    assert owned_by(context, "Nobody").is_nothing


@pytest.mark.parametrize(
    ("day", "reminded"),
    [(-1, False), (0, True), (7, True), (14, True), (20, True), (21, False), (400, False)],
)
def test_something_is_reminded_of_for_three_weeks_from_its_day(context: BoardContext, day: int, reminded: bool) -> None:
    decide(context, TODAY)
    assert bool(reminders(context, TODAY + timedelta(days=day))) is reminded


def test_who_was_renamed_is_reminded_under_the_newest_name_whichever_is_asked_for(context: BoardContext) -> None:
    a_busy_quarter(context)
    for name in (CARE, "Ann Berg"):
        said = NewComment(text="Hello", objective_id=1)
        say(context.store, said, author=replace(an_author(TODAY, by=name), subject="7"))
    for asked in ([], [CARE], ["Ann Berg"]):
        (found,) = reminders(context, TODAY, asked)
        assert (found.person, [each.kind for each in found.lines]) == ("Ann Berg", [Kind.CHECK_IN, Kind.CALL])


def test_reminders_are_those_of_the_people_wanted_with_a_link_to_each_form(context: BoardContext) -> None:
    a_busy_quarter(context)
    decide(context, TODAY, "Sales", "Say <b>hello</b>\nto @everybody")
    assert [each.person for each in reminders(context, TODAY)] == [CARE, "Sales"]
    assert reminders(context, TODAY, ["Nobody"]) == []
    (found,) = reminders(context, TODAY, ["care LEAD"])
    assert [each.kind for each in found.lines] == [Kind.CHECK_IN, Kind.CALL]
    assert reminder_title("Tiny", [found]) == "Tiny: 2 reminders for Care lead"
    assert reminder_title("Tiny", reminders(context, TODAY)) == "Tiny: 3 reminders for 2 people"
    assert reminder_text([found], "https://board.example.com").splitlines()[:5] == [
        "* Check in: Answered within a day (last check-in 20 Feb 2026, due 6 Mar 2026)",
        "  https://board.example.com/okrs?do=check_in&of=1",
        "* Call back: A detractor's answer of 12 Mar 2026 (call the customer back, due 12 Mar 2026)",
        "  https://board.example.com/voice?do=settle_follow_up&of=1",
        "All that waits: https://board.example.com/me?person=Care%20lead",
    ]
    both = reminder_text(reminders(context, TODAY))
    assert "\n\nSales:\n* Decision: Say <b>hello</b> to @everybody (due 12 Mar 2026)\n" in both
    assert "http" not in both
