"""A sprint's review on a company whose numbers fit in a head: taken once, judged, frozen, corrected, carried on.

Turnover per sprint of 14 days from 5 January 2026: 20.00, 5.50, 7.25, 0, and 100.00 in a fifth sprint whose orders end
on 10 March, five days too early.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.reviews import meeting as review_acts
from kviboard.board.reviews.contributions import promised_to, with_contributions
from kviboard.board.reviews.document import MeetingName, ReviewDocument, from_json, to_json
from kviboard.board.reviews.history import Correction, corrections, read_past
from kviboard.board.reviews.meeting import (
    DecisionForm,
    PredictionForm,
    add_addendum,
    begin_review,
    closing_question,
    decide,
    document_of,
    freeze,
    fresh_numbers,
    frozen_document,
    numbers_of_meeting,
    remark,
    save_goal,
    save_prediction,
    settle,
)
from kviboard.board.reviews.snapshot import Occasion, gate
from kviboard.board.reviews.sprints import ReviewedSprint, context_of_team, current_sprint, is_late, reviewed_sprints
from kviboard.documents.blocks import Figure, Paragraph, Points, Table
from kviboard.documents.minutes import minutes_story
from kviboard.documents.review.kvis import kvi_steps
from kviboard.documents.review.story import review_story
from kviboard.documents.review.tables import objective_table
from kviboard.domain.reviews.predictions import Outcome, Stage
from kviboard.errors import ConflictError, StoreError
from kviboard.store import Review, open_store
from kviboard.store.saving import moment_text
from tests.board.conftest import CONFIG, ORDERS, kvi_file
from tests.board.okrs.given import a_key_result, a_quarter, active, an_author, an_objective, context_on, say

FEBRUARY_2, FEBRUARY_16, MARCH_2, MARCH_16 = date(2026, 2, 2), date(2026, 2, 16), date(2026, 3, 2), date(2026, 3, 16)


def the_sprint(context: BoardContext, name: str) -> ReviewedSprint:
    return next(each for each in reviewed_sprints(context.board, context.store) if each.sprint.name == name)


def begun(context: BoardContext, name: str = "Sprint 3", day: date = FEBRUARY_2) -> Review:
    return begin_review(context, the_sprint(context, name), author=an_author(day))


def predict(context: BoardContext, review: Review, lower: str = "", upper: str = "", confidence: int = 70) -> None:
    form = PredictionForm(kvi="turnover", lower=lower, upper=upper, confidence=confidence)
    save_prediction(context, review, form, author=an_author(FEBRUARY_2))


def opened(context: BoardContext, review: Review, day: date = FEBRUARY_2) -> ReviewDocument:
    return frozen_document(freeze(context, review, "opening", author=an_author(day)))


def closed(context: BoardContext, review: Review, day: date = FEBRUARY_16) -> ReviewDocument:
    return frozen_document(freeze(context, review, "closing", ["Product leadership"], author=an_author(day)))


def test_an_opening_starts_from_the_last_sprint_before_it(context: BoardContext) -> None:
    kvi = opened(context, begun(context)).kvi("turnover")
    assert kvi is not None
    assert (kvi.period, kvi.value, kvi.opened_period) == ("Sprint 2", 5.5, "")
    assert kvi.change_text.replace("\u00a0", " ") == "▼ 72.5 % on Sprint 1 (€20)"  # 5.50 after 20.00


def test_a_closing_shows_opened_at_and_now(context: BoardContext) -> None:
    review = begun(context)
    opened(context, review)
    kvi = closed(context, review).kvi("turnover")
    assert kvi is not None
    assert (kvi.opened_period, kvi.opened_value, kvi.period, kvi.value) == ("Sprint 2", 5.5, "Sprint 3", 7.25)
    assert kvi.change == pytest.approx(1.75)


@pytest.mark.parametrize(
    ("lower", "upper", "outcome"),
    [
        ("+1.75", "", Outcome.HIT),  # 7.25 − 5.50, exactly
        ("1", "2", Outcome.HIT),
        ("2", "", Outcome.MISSED),
        ("", "1", Outcome.MISSED),
        ("−3", "-1", Outcome.MISSED),
    ],
)
def test_a_prediction_is_scored_by_the_change_over_the_sprint(
    context: BoardContext, lower: str, upper: str, outcome: Outcome
) -> None:
    review = begun(context)
    predict(context, review, lower, upper)
    opened(context, review)
    (said,) = closed(context, review).predictions
    assert (said.outcome, said.change_text) == (outcome, "+€1.75")


def test_what_did_not_become_complete_is_not_measured_and_says_why(context: BoardContext) -> None:
    review = begun(context, "Sprint 5", MARCH_2)
    predict(context, review, lower="50")
    opened(context, review, MARCH_2)
    document = closed(context, review, MARCH_16)
    (said,) = document.predictions
    assert said.outcome == Outcome.NOT_MEASURED
    assert said.why == "No sprint has become complete since the opening (data to 10 Mar 2026)."
    assert read_past(context).rate.measured == 0


def test_a_prediction_is_not_scored_by_a_sprint_that_was_over_before_it(
    tiny: Callable[..., Board], tmp_path: Path
) -> None:
    lines = ORDERS.splitlines()
    context = context_on(
        tiny(orders="\n".join([*lines[:4], "9,a,2026-02-01,1.00"])), tmp_path
    )  # to the end of Sprint 2
    review = begun(context, "Sprint 4", FEBRUARY_16)
    predict(context, review, upper="5")
    opened(context, review, FEBRUARY_16)
    later = tiny(orders="\n".join([*lines[:5], "9,a,2026-02-15,1.00"]))  # to the end of Sprint 3
    document = closed(replace(context, board=later), review, MARCH_2)
    kvi, (said,) = document.kvi("turnover"), document.predictions
    assert (said.outcome, said.change_text) == (Outcome.NOT_MEASURED, "–")
    assert said.why == "Its latest complete sprint, Sprint 3, was over before this sprint began."
    assert kvi is not None
    assert (kvi.opened_period, kvi.period, kvi.ends_on) == ("Sprint 2", "Sprint 3", date(2026, 2, 15))


def test_the_gate_names_what_the_exports_do_not_reach(context: BoardContext) -> None:
    review = begun(context, "Sprint 5", MARCH_2)
    assert opened(context, review, MARCH_2).gate == ()
    document = closed(context, review, MARCH_16)
    # Seven rest on orders alone, four on orders and the scores of those who ordered: one fact, one sentence.
    assert document.gate[0] == (
        "11 KVIs rest on orders and responses up to 10 Mar 2026: it lacks the last 5 days of Sprint 5."
    )
    assert len(document.gate) == 2  # answers and customers end on the 12th
    assert [step.name for step in review_story(document).steps][:2] == ["vision", "gate"]  # and the record says so
    far = Occasion("closing", replace(the_sprint(context, "Sprint 6").sprint, ends_on=date(2026, 3, 29)))
    assert gate(context.board, far)[0].endswith("it lacks every day of Sprint 6.")  # not 19 of its 14 days


def per_sprint(*turnover: float) -> str:
    """Orders on the last day of each sprint of 14 days from 5 January 2026."""
    days = [date(2026, 1, 18) + number * timedelta(days=14) for number in range(len(turnover))]
    rows = (f"{number},a,{day},{amount:.2f}" for number, (day, amount) in enumerate(zip(days, turnover, strict=True)))
    return "order_id,customer_id,ordered_at,amount\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("act", "said"),
    [("opening", ("Sprint 9", "within normal variation", True)), ("closing", ("Sprint 10", "signal: up", True))],
)
def test_a_review_held_late_says_what_it_would_have_said_on_the_day(
    tiny: Callable[..., Board], tmp_path: Path, act: MeetingName, said: tuple[str, str, bool]
) -> None:
    calm, high = (100, 110, 100, 110, 100, 110, 100, 110, 100), (200,) * 9  # eight of them are a level of their own
    config = CONFIG.replace("value = 100", "value = 90\nends_on = 2026-05-31\n") + (
        '\n[[targets]]\nkvi = "turnover"\nvalue = 300\nstarts_on = 2026-06-01\n'
    )
    file = kvi_file(judged="sprint")
    context = context_on(tiny(orders=per_sprint(*calm, 200), config=config, turnover=file), tmp_path)
    record = context.store.reviews.whole(begun(context, "Sprint 10", date(2026, 5, 11)).id)
    then = fresh_numbers(context, record, act)
    late = BoardContext(tiny(orders=per_sprint(*calm, *high), config=config, turnover=file), context.store)
    found = fresh_numbers(late, record, act)
    kvi, same = then.kvi("turnover"), found.kvi("turnover")
    assert kvi is not None
    assert same is not None
    assert (kvi.period, kvi.verdict, kvi.meets_target) == said
    assert same == kvi.model_copy(update={"data_through": same.data_through})
    settled = {name for name, each in late.board.kvis.items() if not each.complete_after}
    shown = [[each.name for each in document.kvis if each.name in settled] for document in (then, found)]
    assert shown[0] == shown[1]
    context.store.close()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (PredictionForm(kvi="turnover"), "it has no bound"),
        (PredictionForm(kvi="", lower="1"), "none is chosen"),
        (PredictionForm(kvi="turnover", lower="5", upper="2"), "the lower bound lies above the upper bound"),
        (PredictionForm(kvi="turnover", lower="much"), "“much” is not a number"),
    ],
)
def test_a_prediction_that_cannot_be_scored_is_refused(context: BoardContext, form: PredictionForm, said: str) -> None:
    with pytest.raises(StoreError) as refused:
        save_prediction(context, begun(context), form, author=an_author())
    assert said in " ".join(map(str, refused.value.problems))


def test_a_decision_needs_words_an_owner_and_a_day(context: BoardContext) -> None:
    with pytest.raises(StoreError) as refused:
        decide(context, begun(context), DecisionForm(), author=an_author())
    assert [problem.where for problem in refused.value.problems] == ["Decision", "Owner", "Due day"]


def test_nothing_moves_during_a_meeting_whatever_is_refreshed(tiny: Callable[..., Board], tmp_path: Path) -> None:
    context = context_on(tiny(), tmp_path)
    record = context.store.reviews.whole(begun(context).id)
    before = numbers_of_meeting(context, record, "opening", an_author())
    later = replace(context, board=tiny(orders=ORDERS.replace("5.50", "9.50")))  # the past is corrected meanwhile
    assert numbers_of_meeting(later, record, "opening", an_author()) == before
    renewed = numbers_of_meeting(later, record, "opening", an_author(), renew=True)
    kvi = renewed.kvi("turnover")
    assert kvi is not None
    assert kvi.value == 9.5
    assert opened(later, record.review) == numbers_of_meeting_plus_nothing(renewed)


def numbers_of_meeting_plus_nothing(numbers: ReviewDocument) -> ReviewDocument:
    return numbers.model_copy(update={"goal": ""})


def of_turnover(found: list[Correction]) -> Correction:
    """The only one about this company's own KVI; those built in rest on the same orders."""
    (one,) = [each for each in found if each.kvi == "turnover"]
    return one


def test_a_correction_of_the_past_stands_beside_the_frozen_number(tiny: Callable[..., Board], tmp_path: Path) -> None:
    context = context_on(tiny(), tmp_path)
    review = begun(context)
    opened(context, review)
    frozen = closed(context, review)
    record = context.store.reviews.whole(review.id)
    assert corrections(context, record, frozen) == []
    later = replace(context, board=tiny(orders=ORDERS.replace("7.25", "8.00")))
    assert frozen_document(context.store.reviews.whole(review.id).closing) == frozen
    corrected = of_turnover(corrections(later, record, frozen))
    assert corrected.sentence.replace("\u00a0", " ") == (
        "Turnover in Sprint 3: then €7.25, as corrected now €8 (▲ 10.3 %)"
    )


def test_what_is_corrected_before_the_closing_is_no_change_since_the_opening(
    tiny: Callable[..., Board], tmp_path: Path
) -> None:
    """Sprint 2 had 5.50 at the opening, 1.00 too little; Sprint 3 has 7.25: 0.75 more, not 1.75."""
    context = context_on(tiny(), tmp_path)
    review = begun(context)
    predict(context, review, lower="1")
    opened(context, review)
    later = replace(context, board=tiny(orders=ORDERS.replace("5.50", "6.50")))
    document = closed(later, review)
    kvi = document.kvi("turnover")
    assert kvi is not None
    assert (kvi.opened_value, kvi.corrected_value, kvi.value) == (5.5, 6.5, 7.25)
    assert kvi.change == pytest.approx(0.75)
    (said,) = document.predictions
    assert (said.outcome, said.change_text) == (Outcome.MISSED, "+€0.75")
    (step,) = [step for step in kvi_steps(document, None) if step.name == "kvi-turnover"]
    (figure,) = [block for block in step.blocks if isinstance(block, Figure)]
    facts = {name: fact.replace("\u00a0", " ") for name, fact in figure.facts}
    assert facts["Opened at"] == "€5.5 (Sprint 2), as corrected now €6.5"
    assert facts["Since the opening"] == "▲ 11.5 %"  # 0.75 / 6.50


def test_a_number_that_is_counted_otherwise_since_is_not_called_corrected(
    tiny: Callable[..., Board], tmp_path: Path
) -> None:
    """Sprint 2 had 5.50 of one order and Sprint 3 7.25 of one: counted as orders, 1 and 1."""
    context = context_on(tiny(), tmp_path)
    review = begun(context)
    opened(context, review)
    changed = kvi_file("sum(orders)", more="changed: [{day: 2026-02-10, before: Turnover.}]")
    later = replace(context, board=tiny(turnover=changed, young=changed))
    document = closed(later, review, day=date(2026, 2, 9))
    kvi = document.kvi("turnover")
    assert kvi is not None
    assert (kvi.opened_value, kvi.corrected_value, kvi.value, kvi.caution) == (5.5, 1, 1, "changed on 10 Feb 2026")
    assert [each.caution for each in document.kvis if each.name == "young"] == [""]  # nothing was shown of it before
    record = context.store.reviews.whole(review.id)
    then = of_turnover(corrections(later, record, frozen_document(record.opening)))
    assert "as counted since 10 Feb 2026" in then.sentence
    corrected = replace(then, changed_on=None)
    assert "as corrected now" in corrected.sentence


def test_what_stays_as_it_was_is_not_called_corrected(context: BoardContext) -> None:
    review = begun(context)
    opened(context, review)
    document = closed(context, review)
    assert [kvi.name for kvi in document.kvis if kvi.corrected_text] == []


def test_a_correction_that_a_tile_would_round_away_is_shown_with_all_digits(
    tiny: Callable[..., Board], tmp_path: Path
) -> None:
    orders = ORDERS.replace("7.25", "1234567.25")
    context = context_on(tiny(orders=orders), tmp_path)
    review = begun(context)
    opened(context, review)
    frozen = closed(context, review)
    later = replace(context, board=tiny(orders=orders.replace("1234567.25", "1234568.25")))
    corrected = of_turnover(corrections(later, context.store.reviews.whole(review.id), frozen))
    assert (corrected.then_text, corrected.now_text) == ("€1,234,567.25", "€1,234,568.25")


def test_billions_with_cents_are_no_correction_of_themselves(tiny: Callable[..., Board], tmp_path: Path) -> None:
    context = context_on(tiny(orders=ORDERS.replace("7.25", "6172839452752.75")), tmp_path)  # more digits than are kept
    review = begun(context)
    opened(context, review)
    frozen = closed(context, review)
    assert corrections(context, context.store.reviews.whole(review.id), frozen) == []


def test_what_is_frozen_stays_and_takes_an_addendum(context: BoardContext) -> None:
    review = begun(context)
    with pytest.raises(StoreError, match="not frozen yet"):
        add_addendum(context, review, "Too early", author=an_author())
    opened(context, review)
    with pytest.raises(ConflictError):
        freeze(context, review, "opening", author=an_author())
    with pytest.raises(StoreError, match="what is frozen stays"):
        save_goal(context, context.store.reviews.get(review.id), "Another goal", (), author=an_author())
    closed(context, review)
    with pytest.raises(StoreError, match="what is frozen stays"):
        remark(context, review, "One more thing", author=an_author())
    add_addendum(context, review, "Two orders came in late", author=an_author())
    assert [each.text for each in context.store.reviews.whole(review.id).addenda] == ["Two orders came in late"]


def test_what_was_said_in_the_opening_is_not_said_again_in_the_closing(context: BoardContext) -> None:
    review = begun(context)
    remark(context, review, "At the opening", "vision", author=an_author(date(2026, 2, 1)))
    first = opened(context, review)
    remark(context, review, "At the closing", "feedback", author=an_author(FEBRUARY_16))
    last = closed(context, review)
    assert [each.text for each in first.remarks] == ["At the opening"]
    assert [each.text for each in last.remarks] == ["At the closing"]


def test_decisions_are_carried_until_they_are_settled(context: BoardContext) -> None:
    first = begun(context, "Sprint 2", date(2026, 1, 19))
    for text in ("Ask ten customers", "Drop the fee"):
        form = DecisionForm(text=text, owner="Care lead", due_on=FEBRUARY_16)
        decide(context, first, form, author=an_author(FEBRUARY_2))
    opening = opened(context, begun(context))
    assert [(each.text, each.state, each.sprint) for each in opening.promised] == [
        ("Ask ten customers", "open", "Sprint 2"),
        ("Drop the fee", "open", "Sprint 2"),
    ]
    asked, fee = context.store.decisions.all()
    settle(context, asked, "done", "Nine answered", author=an_author(FEBRUARY_2))
    with pytest.raises(StoreError) as refused:
        settle(context, fee, "dropped", " ", author=an_author(FEBRUARY_2))
    assert [problem.hint for problem in refused.value.problems] == ["Say why it is dropped."]
    settle(context, fee, "dropped", "Nobody minds it", author=an_author(MARCH_2))
    later = opened(context, begun(context, "Sprint 4", FEBRUARY_16), FEBRUARY_16)
    assert {(each.text, each.state) for each in later.promised} == {
        ("Ask ten customers", "done"),  # since the review before began
        ("Drop the fee", "dropped"),
    }
    much_later = opened(context, begun(context, "Sprint 5", MARCH_2), MARCH_2)
    assert {each.text for each in much_later.promised} == {"Drop the fee"}


def test_the_history_counts_what_was_measured(context: BoardContext) -> None:
    for name, day, until, lower in (
        ("Sprint 3", FEBRUARY_2, FEBRUARY_16, "1"),  # +1.75: hit
        ("Sprint 4", FEBRUARY_16, MARCH_2, "1"),  # −7.25: missed
        ("Sprint 5", MARCH_2, MARCH_16, "1"),  # not measured
    ):
        review = begun(context, name, day)
        predict(context, review, lower, confidence=80)
        opened(context, review, day)
        closed(context, review, until)
    past = read_past(context)
    assert [line.sprint for line in past.sprints] == ["Sprint 5", "Sprint 4", "Sprint 3"]
    assert [(line.rate.hits, line.rate.measured) for line in past.sprints] == [(0, 0), (0, 1), (1, 1)]
    assert (past.rate.hits, past.rate.measured) == (1, 2)
    assert past.brier == pytest.approx((0.04 + 0.64) / 2)
    assert [line.reviewed_by for line in past.sprints] == [("Product leadership",)] * 3


def test_stages_follow_what_is_frozen_and_the_page_begins_with_what_waits(context: BoardContext) -> None:
    assert the_sprint(context, "Sprint 3").stage == Stage.NOT_BEGUN
    review = begun(context)
    assert the_sprint(context, "Sprint 3").stage == Stage.PREPARED
    opened(context, review)
    assert the_sprint(context, "Sprint 3").stage == Stage.OPEN
    waiting = current_sprint(reviewed_sprints(context.board, context.store), context.board.today)
    assert waiting is not None
    assert waiting.sprint.name == "Sprint 3"  # over, open and not closed
    closed(context, review)
    running = current_sprint(reviewed_sprints(context.board, context.store), context.board.today)
    assert running is not None
    assert running.sprint.name == "Sprint 5"  # the data's day lies in it


def test_on_the_day_after_a_sprint_the_page_begins_with_the_next_one(context: BoardContext) -> None:
    """Data to the last day of Sprint 4: a team meets to close it, then to open Sprint 5."""
    sprints = reviewed_sprints(context.board, context.store)
    last_day = the_sprint(context, "Sprint 4").sprint.ends_on
    found = {day: current_sprint(sprints, day) for day in (last_day, last_day - timedelta(days=1))}
    assert {day: each and each.sprint.name for day, each in found.items()} == {
        last_day: "Sprint 5",
        last_day - timedelta(days=1): "Sprint 4",
    }
    without_next = [each for each in sprints if each.sprint.starts_on <= last_day]
    last = current_sprint(without_next, last_day)
    assert last is not None
    assert last.sprint.name == "Sprint 4"


def test_a_review_is_begun_once(context: BoardContext) -> None:
    assert begun(context) == begun(context)
    assert len(context.store.reviews.all()) == 1


def test_a_whole_record_is_told_again_after_the_warehouse_is_gone(tiny: Callable[..., Board], tmp_path: Path) -> None:
    context = context_on(tiny(), tmp_path)
    review = begun(context)
    predict(context, review, "1")
    opened(context, review)
    told = review_story(closed(context, review))
    context.store.close()
    shutil.rmtree(tmp_path / ".kviboard" / "warehouse")
    shutil.rmtree(tmp_path / "exports")
    store = open_store(tmp_path / "board.sqlite")
    record = store.reviews.whole(review.id)
    assert record.closing is not None
    assert review_story(frozen_document(record.closing)) == told
    store.close()


def test_a_record_that_a_later_version_wrote_is_still_read_and_a_damaged_one_is_named(context: BoardContext) -> None:
    document = opened(context, begun(context))
    assert from_json({**to_json(document), "something_new": 1}) == document
    with pytest.raises(StoreError, match="frozen review cannot be read"):
        from_json({"act": "opening"})


TEAM_SPRINTS = """name,starts_on,ends_on,goal,team
Sprint 1,2026-01-05,2026-01-18,,Alpha
Sprint 2,2026-01-19,2026-02-01,,Alpha
Sprint A,2026-01-05,2026-01-11,,Beta
Sprint B,2026-01-12,2026-02-02,Customers pay with a smile,Beta
"""


@pytest.fixture
def teams(tiny: Callable[..., Board], tmp_path: Path) -> Iterator[BoardContext]:
    """Two teams whose sprints have other days."""
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "sprints.csv").write_text(TEAM_SPRINTS)
    config = CONFIG.replace("[sprints]\nfirst_day = 2026-01-05\ndays = 14\n", "")
    context = context_on(tiny(config=config + '\n[sources.sprints]\nfiles = "exports/sprints.csv"\n'), tmp_path)
    yield context
    context.store.close()


def test_a_team_has_its_own_sprints_and_numbers_of_its_own_days(teams: BoardContext) -> None:
    assert [each.title for each in reviewed_sprints(teams.board, teams.store)] == [
        "Alpha · Sprint 2",
        "Beta · Sprint B",
        "Alpha · Sprint 1",
        "Beta · Sprint A",
    ]
    chosen = the_sprint(teams, "Sprint B")
    assert chosen.slug == "beta.sprint-b"
    review = begin_review(teams, chosen, author=an_author(date(2026, 1, 12)))
    assert (review.team, review.goal) == ("Beta", "Customers pay with a smile")
    opening = opened(teams, review, date(2026, 1, 12)).kvi("turnover")
    closing = closed(teams, review, FEBRUARY_2).kvi("turnover")
    assert opening is not None
    assert closing is not None
    assert (opening.period, opening.value) == ("Sprint A", 20.0)  # 5–11 January
    assert (closing.period, closing.value) == ("Sprint B", 5.5)  # 12 January – 2 February
    assert context_of_team(teams, None) is teams
    assert context_of_team(teams, "Beta") is context_of_team(teams, "Beta")  # its warehouse is opened once


def test_the_screen_shows_the_meeting_and_then_the_record(context: BoardContext) -> None:
    review = begun(context)
    record = context.store.reviews.whole(review.id)
    on_screen = document_of(context, record, "opening", an_author())
    frozen = opened(context, review)
    assert frozen == on_screen
    assert document_of(context, context.store.reviews.whole(review.id), "opening", an_author()) == frozen


def test_a_closing_needs_an_opening(context: BoardContext) -> None:
    with pytest.raises(StoreError, match="not opened") as refused:
        closed(context, begun(context))
    assert [problem.where for problem in refused.value.problems] == ["Closing"]


def test_a_note_saved_while_the_sprint_is_opened_is_in_the_record_or_the_opening_is_refused(
    context: BoardContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = begun(context)
    said = with_contributions

    def said_meanwhile(*given: Any) -> ReviewDocument:
        document = said(*given)
        remark(context, review, "In the same second", author=an_author(FEBRUARY_2))
        return document

    monkeypatch.setattr(review_acts, "with_contributions", said_meanwhile)
    with pytest.raises(ConflictError, match="press again"):
        opened(context, review)
    monkeypatch.undo()
    assert [each.text for each in opened(context, review).remarks] == ["In the same second"]


def test_a_note_stamped_after_the_click_that_opened_the_sprint_is_told_once(context: BoardContext) -> None:
    review = begun(context)
    remark(context, review, "While the numbers were taken", author=an_author(date(2026, 2, 3)))
    assert len(opened(context, review).remarks) == 1  # stamped 2 February
    remark(context, review, "Slow to arrive", author=an_author(date(2026, 2, 1)))
    assert [each.text for each in closed(context, review).remarks] == ["Slow to arrive"]


def test_a_sprint_whose_first_day_was_corrected_is_no_later_period(context: BoardContext) -> None:
    review = begun(context)
    opened(context, review)
    kvi = closed(context, review).kvi("turnover")
    assert kvi is not None
    moved = {"period": "Sprint 2", "opened_period": "Sprint 2", "starts_on": date(2026, 1, 20)}
    assert kvi.model_copy(update=moved).change is None
    assert kvi.model_copy(update={"starts_on": date(2026, 1, 5), "period": "Sprint 1"}).change is None


def test_a_sprint_whose_days_were_corrected_is_not_told_as_a_correction_of_its_numbers(
    tiny: Callable[..., Board], tmp_path: Path
) -> None:
    context = context_on(tiny(), tmp_path)
    review = begun(context)
    opened(context, review)
    frozen = closed(context, review)
    later = replace(context, board=tiny(config=CONFIG.replace("2026-01-05", "2026-01-04")))
    assert corrections(later, context.store.reviews.whole(review.id), frozen) == []
    context.store.close()


def test_a_closing_says_how_far_an_objective_had_come_at_the_opening(context: BoardContext) -> None:
    objective = an_objective(context, a_quarter(context))
    key_result = a_key_result(context, objective)
    active(context, objective)
    say(context, key_result, date(2026, 1, 30), "25")
    review = begun(context)
    assert [(each.was_at, each.progress_text) for each in opened(context, review).objectives] == [("", "25 %")]
    say(context, key_result, date(2026, 2, 13), "40")
    document = closed(context, review)
    assert [(each.was_at, each.progress_text) for each in document.objectives] == [("25 %", "40 %")]
    assert objective_table(document, document.objectives).rows[0][2].text == "25 % → 40 %"


def test_the_key_results_of_the_goal_are_those_of_the_meeting(tiny: Callable[..., Board], tmp_path: Path) -> None:
    context = context_on(tiny(), tmp_path)
    objective = an_objective(context, a_quarter(context))
    key_result = a_key_result(context, objective, "Turnover per sprint", kvi="turnover", grain="sprint")
    active(context, objective)
    review = begun(context)
    save_goal(
        context,
        context.store.reviews.get(review.id),
        "Customers come back",
        (key_result.id,),
        author=an_author(FEBRUARY_2),
    )
    record = context.store.reviews.whole(review.id)
    before = document_of(context, record, "opening", an_author())
    corrected = BoardContext(
        tiny(orders=ORDERS.replace("5.50", "42.00")), context.store
    )  # Sprint 2, in a running meeting
    during = document_of(corrected, record, "opening", an_author())
    assert during.goal_key_results == before.goal_key_results == before.objectives[0].key_results
    assert before.goal_key_results[0].current_text == "€5.5"
    context.store.close()


def test_a_team_s_review_does_not_depend_on_what_was_read_of_the_company(teams: BoardContext) -> None:
    objective = an_objective(teams, a_quarter(teams))
    a_key_result(teams, objective, "Turnover per sprint", kvi="turnover", grain="sprint")
    active(teams, objective)
    review = begin_review(teams, the_sprint(teams, "Sprint B"), author=an_author(date(2026, 1, 12)))
    record = teams.store.reviews.whole(review.id)
    fresh = BoardContext(teams.board, teams.store)
    first = fresh_numbers(fresh, record, "opening").objectives[0].key_results[0]
    read_quarter(teams, day=teams.board.today)
    after = fresh_numbers(teams, record, "opening").objectives[0].key_results[0]
    assert first == after
    assert first.current_text == "€20"  # Sprint A of the team, 5-11 January


def test_a_sprint_opened_after_it_ended_never_comes_first_and_counts_for_no_hit_rate(context: BoardContext) -> None:
    """Sprint 2 ended on 1 February; it is opened, predicted and closed two weeks later."""
    late = begun(context, "Sprint 2", FEBRUARY_16)
    predict(context, late, lower="-100")
    opened(context, late, FEBRUARY_16)
    assert the_sprint(context, "Sprint 2").after_the_fact
    first = current_sprint(reviewed_sprints(context.board, context.store), context.board.today)
    assert first is not None
    assert first.sprint.name != "Sprint 2"
    closed(context, late, FEBRUARY_16)
    past = read_past(context)
    assert (past.rate.measured, [(line.rate.measured, line.opened_late) for line in past.sprints]) == (0, [(0, True)])
    opened(context, begun(context))
    assert not the_sprint(context, "Sprint 3").after_the_fact


def test_late_is_told_by_the_company_s_clocks(context: BoardContext) -> None:
    """In Amsterdam 1 February ends at 23:00 UTC."""
    zone, review = ZoneInfo("Europe/Amsterdam"), begun(context, "Sprint 2", FEBRUARY_16)
    assert not is_late(datetime(2026, 2, 1, 22, 30, tzinfo=UTC), review, zone)
    assert is_late(datetime(2026, 2, 1, 23, 30, tzinfo=UTC), review, zone)


def test_a_day_in_the_record_and_in_its_minutes_is_one_on_the_company_s_clocks(context: BoardContext) -> None:
    """In Amsterdam 15 February begins at 23:00 UTC of the 14th."""
    company = context.board.workspace.company.model_copy(update={"timezone": "Europe/Amsterdam"})
    board = replace(context.board, workspace=context.board.workspace.model_copy(update={"company": company}))
    context = replace(context, board=board)
    late = replace(an_author(), at=datetime(2026, 2, 15, 23, 30, tzinfo=UTC))
    decide(context, None, DecisionForm(text="Call", owner="Bo", due_on=MARCH_2), author=late)
    assert promised_to(context, the_sprint(context, "Sprint 3").sprint) == ()  # it was over by half an hour
    assert [each.text for each in promised_to(context, the_sprint(context, "Sprint 4").sprint)] == ["Call"]
    review = begun(context)
    document = opened(context, review)
    add_addendum(context, review, "Two orders came in late", author=late)
    story = minutes_story(document, context.store.reviews.whole(review.id), company.zone)
    assert story.steps[-1].blocks == (Points(("Two orders came in late (Product owner, 16 Feb 2026)",)),)


def test_minutes_say_every_note_with_its_step_who_held_the_act_and_what_was_predicted_too_late(
    context: BoardContext,
) -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    review = begun(context, "Sprint 2", FEBRUARY_16)
    predict(context, review, lower="-100")
    remark(context, review, "Read it aloud", "vision", author=an_author(FEBRUARY_16))
    remark(context, review, "Too many", "promised-2", author=an_author(FEBRUARY_16))
    opening = opened(context, review, FEBRUARY_16)
    record = context.store.reviews.whole(review.id)
    *_, notes, last = minutes_story(opening, record, zone).steps
    lines = ("Our vision: Read it aloud (Product owner)", "What we decided last time: Too many (Product owner)")
    assert notes.blocks == (Points(lines),)
    held = "Opened by Product owner on 16 Feb 2026 at 10:00. Opened after the fact: its predictions do not count."
    assert last.blocks[-1] == Paragraph(held, "quiet")
    remark(context, review, "It froze", "feedback", author=an_author(date(2026, 2, 17)))
    remark(context, review, "Ask first", "decisions", author=an_author(date(2026, 2, 17)))
    made = DecisionForm(text="Call", owner="Bo", due_on=MARCH_2, kvi="turnover")
    decide(context, review, made, author=an_author(date(2026, 2, 17)))
    freeze(context, review, "closing", ["Ada", " ada ", "", "Bo"], author=an_author(date(2026, 2, 17)))
    record = context.store.reviews.whole(review.id)
    assert record.closing is not None
    result, *told = minutes_story(frozen_document(record.closing), record, zone).steps
    (feedback,) = (step for step in told if step.name == "feedback")
    assert feedback.blocks == (
        Points(("It froze (Product owner)", "Decisions and next experiments: Ask first (Product owner)")),
    )
    assert Paragraph("Reviewed by Ada, Bo.", "quiet") in result.blocks
    (decided,) = (block for block in result.blocks if isinstance(block, Table))
    assert decided.rows[0][0].text == "Call (Turnover)"


def test_closing_without_reviewers_or_decisions_asks_first(context: BoardContext) -> None:
    review = begun(context)
    assert closing_question(context, review, [" "]).startswith("Close Sprint 3 with 0 reviewers, 0 decisions?")
    decide(context, review, DecisionForm(text="Call", owner="Bo", due_on=MARCH_2), author=an_author(FEBRUARY_2))
    assert closing_question(context, review, []).startswith("Close Sprint 3 with 0 reviewers, 1 decision?")
    assert closing_question(context, review, ["Ada"]) == ""


def test_open_decisions_are_told_before_anybody_has_begun_the_review(context: BoardContext) -> None:
    decide(context, begun(context), DecisionForm(text="Call", owner="Bo", due_on=MARCH_2), author=an_author(FEBRUARY_2))
    told = promised_to(context, the_sprint(context, "Sprint 4").sprint)
    assert [(each.text, each.sprint) for each in told] == [("Call", "Sprint 3")]
    assert promised_to(context, the_sprint(context, "Sprint 3").sprint) == ()


def test_times_are_those_of_the_companys_clocks() -> None:
    at = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert moment_text(at, ZoneInfo("Europe/Amsterdam")) == "1 Nov 2026 at 00:30"
    assert moment_text(at) == "31 Oct 2026 at 23:30 UTC"
