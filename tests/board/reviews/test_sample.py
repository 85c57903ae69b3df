"""The sample's reviews: what came of each prediction, by a second route; one corrected number; decisions; one to close.

Expected values come from the raw exports by pandas, and from counting the script's story by hand.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.kvis.targets import with_set_targets
from kviboard.board.reviews.document import ReviewDocument
from kviboard.board.reviews.history import corrections, read_past
from kviboard.board.reviews.meeting import freeze, frozen_document
from kviboard.board.reviews.sprints import current_sprint, reviewed_sprints
from kviboard.documents.review.story import review_story
from kviboard.domain.reviews.predictions import Outcome, Stage
from kviboard.store import FrozenMeeting, ReviewRecord, Store, open_store
from kviboard.workspace import SAMPLE_WORKSPACE
from tests.board.okrs.given import an_author
from tests.numbers.sample_exports import exports
from tests.numbers.second_route import Slices, cut, expected_table

FILE = SAMPLE_WORKSPACE / "okrs.json"
CLOSED = ("Sprint 34", "Sprint 35", "Sprint 36", "Sprint 37")
LATE = ("2026-09-26", "2026-09-28")  # complaints of these days were typed in after Sprint 36 was closed
HIT, MISSED = Outcome.HIT, Outcome.MISSED
PREDICTED = [  # sprint, KVI, at least, at most, and what came
    ("Sprint 34", "daily_active_users", 30, None, HIT),
    ("Sprint 34", "net_promoter_score", 4, None, MISSED),
    ("Sprint 34", "promoter_revenue_share", -0.02, 0.02, MISSED),
    ("Sprint 35", "daily_active_users", 10, None, HIT),
    ("Sprint 35", "daily_active_minutes", 100, None, MISSED),
    ("Sprint 35", "net_promoter_score", 3, None, HIT),
    ("Sprint 36", "customer_satisfaction", -0.02, None, MISSED),
    ("Sprint 37", "daily_active_minutes", 80, None, HIT),
    ("Sprint 37", "daily_active_users", 5, None, HIT),
    ("Sprint 37", "promoter_revenue_share", None, 0, HIT),
    ("Sprint 38", "daily_active_users", 3, None, HIT),
    ("Sprint 38", "customer_satisfaction", 0.03, None, MISSED),
    ("Sprint 38", "new_customers", 0, None, MISSED),
]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's store, to be copied."""
    place = tmp_path_factory.mktemp("imported") / "board.sqlite"
    with closing(open_store(place)) as store:
        store.import_json(FILE)
    return place


@pytest.fixture
def store(imported: Path, tmp_path: Path) -> Iterator[Store]:
    """The sample's store, in a folder without exports and warehouse."""
    with closing(open_store(shutil.copy(imported, tmp_path))) as opened:
        yield opened


@pytest.fixture
def sample(sample_board: Board, store: Store) -> BoardContext:
    """The sample's board with the sample's store."""
    return BoardContext(with_set_targets(sample_board, store), store)


def record_of(store: Store, sprint: str) -> ReviewRecord:
    review = store.reviews.of_sprint(sprint)
    assert review is not None
    return store.reviews.whole(review.id)


def the_act(store: Store, sprint: str, act: str) -> FrozenMeeting:
    record = record_of(store, sprint)
    found = record.opening if act == "opening" else record.closing
    assert found is not None
    return found


def document(store: Store, sprint: str, act: str = "closing") -> ReviewDocument:
    return frozen_document(the_act(store, sprint, act))


@cache
def everybody() -> Slices:
    return cut()


@cache
def per_sprint(kvi: str) -> pd.Series:
    """The KVI's value per sprint from the raw exports, by the sprint's first day."""
    frame = expected_table(kvi, "sprint", everybody())
    return frame.set_index("period")["value"]


def values_around(kvi: str, first: date) -> tuple[float, float]:
    """The KVI in the sprint before and in the one that begins on a day, from the raw exports."""
    values = per_sprint(kvi)
    return float(values[pd.Timestamp(first - timedelta(days=14))]), float(values[pd.Timestamp(first)])


@cache
def complaints_of_sprint_36() -> tuple[float, float]:
    """Complaints per 1,000 customers from 16 to 29 September: without the late ones, and with them."""
    tickets, visits = exports().tickets, exports().activity
    opened = tickets[(tickets["kind"] == "complaint") & tickets["day"].between("2026-09-16", "2026-09-29")]
    late = opened["day"].between(*LATE).sum()
    active = visits[visits["day"].between("2026-09-02", "2026-09-29")]["customer_id"].nunique()  # 28 days
    return 1000 * (len(opened) - late) / active, 1000 * len(opened) / active


def close_38(sample: BoardContext) -> ReviewDocument:
    review = record_of(sample.store, "Sprint 38").review
    return frozen_document(
        freeze(sample, review, "closing", ["Product leadership"], author=an_author(date(2026, 10, 28)))
    )


def test_four_reviews_are_closed_and_the_page_begins_with_the_one_to_close(sample: BoardContext) -> None:
    sprints = reviewed_sprints(sample.board, sample.store)
    stages = {each.sprint.name: each.stage for each in sprints}
    assert [stages[name] for name in CLOSED] == [Stage.CLOSED] * 4
    assert (stages["Sprint 38"], stages["Sprint 39"], stages["Sprint 33"]) == (
        Stage.OPEN,
        Stage.NOT_BEGUN,
        Stage.NOT_BEGUN,
    )
    waiting = current_sprint(sprints, sample.board.today)
    assert waiting is not None
    assert waiting.sprint.name == "Sprint 38"


@pytest.mark.parametrize(("sprint", "kvi", "lower", "upper", "outcome"), PREDICTED)
def test_what_came_of_a_prediction_is_what_the_exports_say(
    sample: BoardContext, sprint: str, kvi: str, lower: float | None, upper: float | None, outcome: Outcome
) -> None:
    closing = close_38(sample) if sprint == "Sprint 38" else document(sample.store, sprint)
    before, after = values_around(kvi, closing.starts_on)
    came = after - before
    assert (HIT if (lower is None or came >= lower) and (upper is None or came <= upper) else MISSED) == outcome
    shown = closing.kvi(kvi)
    assert shown is not None
    assert (shown.opened_value, shown.value) == (pytest.approx(before, rel=1e-9), pytest.approx(after, rel=1e-9))
    assert next(each.outcome for each in closing.predictions if each.kvi == kvi) == outcome


def test_a_kvi_per_month_was_not_measured_within_a_sprint(store: Store) -> None:
    said = next(each for each in document(store, "Sprint 36").predictions if each.kvi == "net_revenue_retention")
    assert said.outcome == Outcome.NOT_MEASURED
    assert said.why == "No month has become complete since the opening (data to 29 Sep 2026)."


def test_a_hit_that_rested_on_missing_complaints_stays_a_hit(store: Store) -> None:
    then, now = complaints_of_sprint_36()
    before = values_around("complaints_per_1000", date(2026, 9, 16))[0]
    assert then - before <= 1 < now - before  # predicted: at most +1
    said = next(each for each in document(store, "Sprint 36").predictions if each.kvi == "complaints_per_1000")
    assert said.outcome == HIT
    (addendum,) = record_of(store, "Sprint 36").addenda
    assert addendum.text.startswith("Eight complaints of 26 to 28 September")
    tickets = exports().tickets
    assert ((tickets["kind"] == "complaint") & tickets["day"].between(*LATE)).sum() == 8


def test_exactly_one_frozen_number_was_corrected_since(sample: BoardContext) -> None:
    found = []
    for review in sample.store.reviews.all():
        record = sample.store.reviews.whole(review.id)
        acts = [act for act in (record.opening, record.closing) if act is not None]
        found += [
            (review.sprint, act.act, one) for act in acts for one in corrections(sample, record, frozen_document(act))
        ]
    ((sprint, act, corrected),) = found
    assert (sprint, act, corrected.kvi, corrected.period) == (
        "Sprint 36",
        "closing",
        "complaints_per_1000",
        "Sprint 36",
    )
    then, now = complaints_of_sprint_36()
    assert corrected.then_text.replace("\u00a0", " ") == f"{then:.1f} per 1,000"
    assert corrected.now_text.replace("\u00a0", " ") == f"{now:.1f} per 1,000"


def test_the_next_opening_had_the_complaints_that_came_late(store: Store) -> None:
    shown = document(store, "Sprint 37", "opening").kvi("complaints_per_1000")
    assert shown is not None
    assert (shown.period, shown.value) == ("Sprint 36", pytest.approx(complaints_of_sprint_36()[1], rel=1e-9))


def test_every_record_rests_on_whole_exports_of_the_day_before(store: Store) -> None:
    versions = []
    for sprint in (*CLOSED, "Sprint 38"):
        record = record_of(store, sprint)
        for act in (record.opening, record.closing):
            if act is None:
                continue
            shown = frozen_document(act)
            assert shown.gate == ()
            assert act.data_through == act.created_at.date() - timedelta(days=1)
            made = datetime.strptime(shown.warehouse_version[7:], "%Y%m%dT%H%M%S%z")
            assert timedelta(0) < act.created_at - made < timedelta(hours=10)
            assert {kvi.data_through for kvi in shown.kvis} == {act.data_through}
            versions.append(shown.warehouse_version[:6])
    assert versions == [f"{number:06d}" for number in (1, 2, 2, 3, 3, 4, 5, 6, 6)]


def test_a_sprint_is_opened_after_its_predecessor_was_closed_on_the_same_day(store: Store) -> None:
    for before, after in zip(CLOSED, (*CLOSED[1:], "Sprint 38"), strict=True):
        closing, opening = the_act(store, before, "closing"), the_act(store, after, "opening")
        assert closing.created_at < opening.created_at
        assert closing.created_at.date() == opening.created_at.date() == record_of(store, after).review.starts_on


def test_the_history_counts_hits_and_how_sure_people_were(sample: BoardContext) -> None:
    past = read_past(sample)
    assert [(line.sprint, line.rate.hits, line.rate.measured) for line in past.sprints] == [
        ("Sprint 37", 3, 3),
        ("Sprint 36", 1, 2),
        ("Sprint 35", 2, 3),
        ("Sprint 34", 1, 3),
    ]
    assert (past.rate.hits, past.rate.measured) == (7, 11)
    assert [(band.label, band.mean_confidence, band.rate.hits, band.rate.measured) for band in past.calibration] == [
        ("50–69 %", pytest.approx(0.6), 1, 3),
        ("70–89 %", pytest.approx((5 * 0.8 + 2 * 0.7) / 7), 5, 7),
        ("90 % and more", pytest.approx(0.9), 1, 1),
    ]
    # (confidence − came)²: 60 % missed, missed, hit; 80 % four hits and a miss; 70 % a miss and a hit; 90 % a hit
    squares = 2 * 0.36 + 0.16 + 4 * 0.04 + 0.64 + 0.49 + 0.09 + 0.01
    assert past.brier == pytest.approx(squares / 11)


def test_decisions_are_done_dropped_with_a_reason_open_and_past_due(sample: BoardContext) -> None:
    made = [each for each in sample.store.decisions.all() if each.review_id]  # the others answered a signal
    assert {state: sum(each.state == state for each in made) for state in ("done", "dropped", "open")} == {
        "done": 6,
        "dropped": 1,
        "open": 3,
    }
    assert all(each.outcome for each in made if each.state != "open")
    late = [each for each in made if each.state == "open" and each.due_on < sample.board.today]
    assert [(each.owner, each.due_on) for each in late] == [("Product owner Field service", date(2026, 10, 27))]
    carried = [each.text for each in document(sample.store, "Sprint 38", "opening").promised]
    assert late[0].text in carried


def test_a_goal_keeps_its_key_result_when_the_quarter_ends_within_the_sprint(store: Store) -> None:
    opening, closing = (document(store, "Sprint 37", act) for act in ("opening", "closing"))
    assert (opening.cycle, closing.cycle) == ("Q3 2026", "Q4 2026")
    ((then, now),) = zip(opening.goal_key_results, closing.goal_key_results, strict=True)
    assert (then.title, then.status, now.status) == (now.title, "On track", "Achieved")


def test_the_latest_sprint_can_be_closed_at_once(sample: BoardContext) -> None:
    closing = close_38(sample)
    assert closing.gate == ()
    assert [each.outcome for each in closing.predictions] == [HIT, MISSED, MISSED]
    assert {voice.band for voice in closing.voices} == {"promoter", "passive", "detractor"}
    assert (read_past(sample).rate.hits, read_past(sample).rate.measured) == (8, 14)


def test_an_opening_keeps_what_was_said_of_its_sprint_s_stories(store: Store) -> None:
    """By hand: MK-701, 702, 706 and 708 say what somebody gets; a developer's, ours and two without benefit do not."""
    review = store.reviews.of_sprint("Sprint 38")
    assert review is not None
    opening = store.reviews.whole(review.id).opening
    assert opening is not None
    told = opening.document["stories_text"].replace("\u00a0", " ")
    assert told == "4 of 8 stories say what a customer gets (50 %)."


def test_a_past_review_is_told_from_its_record_alone(store: Store) -> None:
    """Nothing but the store is here: no exports, no warehouse, no queries."""
    story = review_story(document(store, "Sprint 36"))
    assert story.title == "Sprint 36: closing"
    assert (story.steps[0].title, story.steps[-1].title) == ("Our vision", "Close the review")
    told = str(story).replace("\\xa0", " ")
    for words in ("11.9 per 1,000", "Customers know who comes to install, and when", "Head of sales"):
        assert words in told


def test_the_sample_stays_small() -> None:
    whole = [path for path in SAMPLE_WORKSPACE.rglob("*") if path.is_file() and ".kviboard" not in path.parts]
    assert sum(path.stat().st_size for path in whole) < 8_000_000
    assert max(map(len, FILE.read_text(encoding="utf-8").splitlines())) < 200_000  # a frozen record is one line
