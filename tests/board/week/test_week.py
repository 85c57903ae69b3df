"""New, still there, gone: judged by hand on weeks of turnover, and by a board whose exports end a week earlier."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from kviboard.board.board import open_board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.targets import add_note
from kviboard.board.kvis.tiles import no_links, tile_of
from kviboard.board.okrs.status_changes import StatusChange
from kviboard.board.people.due import due_of
from kviboard.board.week.phrases import conditions, gist, news, slice_in_short, tab_title, week_sections
from kviboard.board.week.signals import signal_changes, verdict_on
from kviboard.board.week.week import Goals, week_of
from kviboard.documents.digest.sections import sections_of
from kviboard.domain.okrs.status import Status
from kviboard.store import NewDecision
from tests.board.conftest import ORDERS_ALONE, kvi_file, refresh_or_copy, write_tiny
from tests.board.okrs.given import an_author
from tests.clocks import on_clocks_of

MONDAY = date(2026, 1, 5)
CALM = (100, 110, 100, 110, 100, 110, 100, 110, 100, 110)
"""Mean 105 and moving range 10: limits 105 ± 26.6, so 200 and 20 are outside even where they widen the limits."""
A_WEEK = timedelta(days=7)


def orders(weeks: tuple[float, ...]) -> str:
    """Half of a week's turnover on its Monday, half on its Sunday, so that the data covers whole weeks."""
    days = [
        (MONDAY + number * A_WEEK + timedelta(days=late), amount / 2)
        for number, amount in enumerate(weeks)
        for late in (0, 6)
    ]
    rows = (f"{number},a,{day},{amount:.2f}" for number, (day, amount) in enumerate(days))
    return "order_id,customer_id,ordered_at,amount\n" + "\n".join(rows) + "\n"


def answers(last: date) -> str:
    return f"response_id,customer_id,responded_at,score\n1,a,2026-01-05,10\n2,b,{last},3\n"


GRAINS = ("week", "sprint", "month")


@pytest.fixture
def weekly(tmp_path: Path, warehouses: Path):
    """Builds a board whose data ends with the last week, each in a folder of its own."""

    def build(*weeks: float, more: str = "", better: str = "up", judged: str = "week"):
        kvis = {  # the same KVI, judged in each grain: one refresh for all of them
            f"turnover_by_{grain}" if grain != judged else "turnover": kvi_file(more=more, judged=grain).replace(
                "better: up", f"better: {better}"
            )
            for grain in GRAINS
        }
        folder = tmp_path / f"board {len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        workspace = write_tiny(folder, orders(weeks), config=ORDERS_ALONE, **kvis)
        refresh_or_copy(workspace, warehouses, "daily")
        return open_board(workspace)

    return build


def turnover(board, grain="week"):
    kvi = next(kvi for kvi in board.kvis.values() if kvi.name.startswith("turnover") and kvi.judged == grain)
    return read_kvi(board, kvi, View(grain))[0]


def changes_of(board, grain="week"):
    found = signal_changes([turnover(board, grain)], board.today - A_WEEK)
    return [(change.age, change.in_words("EUR")) for change in found]


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ((*CALM, 105), []),
        ((*CALM, 200), [("new", "New: week of 9 Mar 2026 was as usual.")]),
        ((*CALM, *CALM, 200, 20), [("new", "New: week of 25 May 2026 was unusually high.")]),
        ((*CALM, 200, 200), [("still", "Continues in week of 23 Mar 2026.")]),
        (
            (*CALM, 200, 105),
            [
                (
                    "gone",
                    "Turnover is back to usual in week of 23 Mar 2026 (€105); week of 16 Mar 2026 was unusually high.",
                )
            ],
        ),
        ((100, 110, 100, 110, 100, 110, 200), []),
    ],
)
def test_a_signal_is_new_still_there_or_gone(weekly, weeks, expected):
    assert changes_of(weekly(*weeks)) == expected


def test_too_little_history_a_week_ago_makes_a_signal_new(weekly):
    (change,) = signal_changes([turnover(weekly(*CALM[:7], 500))], MONDAY + 7 * A_WEEK - timedelta(days=1))
    assert change.age == "new"
    assert change.in_words("EUR") == "New: week of 16 Feb 2026 had too little history (7 of 8)."


def test_eight_weeks_at_a_new_level_are_a_signal_that_stays_as_the_new_normal(weekly):
    up = (300, 310, 300, 310, 300, 310, 300, 310)
    ((age, _),) = changes_of(weekly(*CALM, *up))
    assert age == "still"  # the weeks before the eighth were outside the limits already
    ((age, words),) = changes_of(weekly(*CALM, *up, 300))
    assert age == "gone"
    assert words == (
        "Turnover has settled at a better level since week of 16 Mar 2026 (€300 in week of 11 May 2026): "
        "what changed has stayed; week of 4 May 2026 was unusually high."
    )


def test_new_signals_come_before_those_still_there(weekly):
    still = turnover(weekly(*CALM, 200, 200))
    board = weekly(*CALM, 105, 200)
    new = turnover(board)
    new = replace(new, kvi=replace(new.kvi, name="another"))
    found = week_of(board, View("week"), [still, new], Goals()).signals
    assert [(change.reading.kvi.name, change.age) for change in found] == [("another", "new"), ("turnover", "still")]


def test_a_level_that_settled_worse_is_said_to_have_settled_worse(weekly):
    down = (50, 60, 50, 60, 50, 60, 50, 60)
    ((_, words),) = changes_of(weekly(*CALM, *down, 50))
    assert words.startswith("Turnover has settled at a worse level since week of 16 Mar 2026")
    up = (150, 160, 150, 160, 150, 160, 150, 160)
    ((_, words),) = changes_of(weekly(*CALM, *up, 150, better="down"))
    assert words.startswith("Turnover has settled at a worse level since week of 16 Mar 2026")


def test_a_month_stays_what_it_was_until_the_next_one_ends(weekly):
    """Nine months of about four calm weeks each and one of five times as much: a signal for a month, then gone."""
    calm = CALM * 4
    weeks = (*calm, *(500,) * 4, *CALM)
    boards = (weekly(*weeks[:count], judged="month") for count in range(len(calm) + 3, len(weeks) + 1))
    for before, board in pairwise(boards):
        then, now = turnover(before, "month").verdict, turnover(board, "month").verdict
        assert verdict_on(turnover(board, "month"), board.today - A_WEEK).verdict == then
        ages = [age for age, _ in changes_of(board, "month")]
        signal_then, signal_now = then.startswith("signal"), now.startswith("signal")
        assert ages == {
            (False, False): [], (False, True): ["new"], (True, True): ["still"], (True, False): ["gone"]
        }[signal_then, signal_now]  # fmt: skip


@pytest.mark.parametrize("more", ["", "complete_after: 10"])
def test_the_history_cut_says_what_exports_that_end_a_week_earlier_say(weekly, more):
    weeks = (*CALM, 200, 210, 190, 60, 110, 20, 105)
    boards = (weekly(*weeks[:count], more=more) for count in range(8, len(weeks) + 1))
    for before, board in pairwise(boards):
        for grain in GRAINS:
            said = verdict_on(turnover(board, grain), board.today - A_WEEK)
            earlier = turnover(before, grain)
            assert said.verdict == earlier.verdict, grain
            assert said.label == ("" if earlier.latest is None else earlier.latest["label"]), grain


def test_decisions_are_due_from_the_datas_last_day(context):
    today = context.board.today  # 12 March 2026
    for days, text in ((-9, "Nine late"), (-1, "One late"), (0, "Today"), (7, "In a week"), (8, "Later")):
        new = NewDecision(text=text, owner="Product owner", due_on=today + timedelta(days=days))
        context.store.decisions.add(new, author=an_author(today))
    done = context.store.decisions.add(
        NewDecision(text="Done", owner="Product owner", due_on=today), author=an_author(today)
    )
    context.store.decisions.settle(done, "done", author=an_author(today))
    found = due_of(context.store.decisions.all("open"), today)
    assert [(due.decision.text, due.when) for due in found] == [
        ("Nine late", "9 days past due"),
        ("One late", "1 day past due"),
        ("Today", "due today"),
        ("In a week", "due in 7 days"),
    ]
    assert found[0].facts == "Product owner · due 3 Mar 2026"
    assert [due.is_past for due in found] == [True, True, False, False]


def week(board, grain="week", due=()):
    view = View(grain)
    readings = [read_kvi(board, board.kvis["turnover"], view)[0]]
    return week_of(board, view, readings, Goals(due=tuple(due)))


def lines(board):
    return {part.name: part.lines or (part.otherwise,) for part in week_sections(week(board))}


def test_the_week_says_the_same_numbers_in_sentences(weekly):
    said = lines(weekly(*CALM, 200))
    assert said["signals"] == (
        "Turnover is unusually high. Turnover rose to €200 in the week of 16 Mar 2026: outside the usual range "
        f"({limits(*CALM, 200)}). New: week of 9 Mar 2026 was as usual.",
    )
    assert said["normal"] == ("No KVI shows only its usual ups and downs.",)
    assert said["decisions"] == ("No open decision is past due or due soon.",)


def limits(*values: float) -> str:
    """Wheeler's limits by hand, a count of euros being no less than nothing."""
    mean = sum(values) / len(values)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    spread = 2.66 * sum(ranges) / len(ranges)
    return f"€{max(mean - spread, 0):.0f}–€{mean + spread:.0f}"


def test_a_target_out_of_reach_is_told_from_one_reached_by_luck(weekly):
    """The tiny company's target of €100 lies inside 105 ± 26.6; three times as much turnover is asked for by none."""
    said = lines(weekly(*CALM, 90))
    assert said["below_target"][0].startswith(
        "Turnover: €90 in week of 16 Mar 2026, target €100: short by 10\u00a0%. Would"
    )
    assert said["below_target"][0].endswith("hit the target only by chance.")
    low = lines(weekly(*(value / 2 for value in CALM), 50))
    assert low["below_target"][0].endswith("do not reach the target.")


@pytest.mark.parametrize(
    ("weeks", "better", "said"),
    [
        ((*CALM, 105), "up", "No problems"),
        (CALM[:5], "up", "No KVI judged yet"),
        ((*CALM, 200), "up", "1 new improvement"),
        ((*CALM, 20), "up", "1 new problem"),
        ((*CALM, 200), "down", "1 new problem"),
        ((*CALM, 200, 200), "down", "1 continuing problem"),
        ((*CALM, 200, 105), "up", "No problems, 1 over"),
    ],
)
def test_the_news_counts_problems_and_improvements(weekly, weeks, better, said):
    assert news(week(weekly(*weeks, better=better))) == said


def test_nothing_is_called_usual_before_anything_can_be_judged(weekly):
    for weeks, said in ((CALM[:5], "No KVI can be judged yet"), ((*CALM, 105), "Nothing is unusual: only the usual")):
        unusual, *_ = week_sections(week(weekly(*weeks)))
        assert unusual.otherwise.startswith(said)


def test_the_gist_is_three_sentences_and_a_fourth_where_an_export_is_late(weekly, monkeypatch):
    on_clocks_of(monkeypatch, datetime(2026, 3, 23, 6, tzinfo=UTC))
    sentences = gist(week(weekly(*CALM, 105)))
    assert sentences == (
        "No problems.",
        "No decision is due and no objective or key result changed status.",
        "1 KVI shows the usual ups and downs: no action.",
    )


@pytest.mark.parametrize(
    ("moved", "new", "said", "lines"),
    [
        (("At risk",), 0, "1 objective or key result changed status, for the worse.", 1),
        (("At risk", "At risk", "Achieved"), 2,
         "3 objectives and key results changed status, 2 for the worse, 2 became active.", 5),
        (("Achieved",), 240, "1 objective or key result changed status, 240 became active.", 2),
        ((), 1240, "1,240 objectives and key results became active.", 1),
        ((), 5, "5 objectives and key results became active.", 5),
    ],
)  # fmt: skip
def test_what_becomes_active_is_no_change_of_status_and_many_of_it_are_told_in_one_sentence(
    weekly, monkeypatch, moved, new, said, lines
):
    on_clocks_of(monkeypatch, datetime(2026, 3, 23, 6, tzinfo=UTC))
    was = [("On track", after) for after in moved]
    pairs = [*was, *((None, "Off track" if number % 4 == 0 else "On track") for number in range(new))]
    changes = tuple(
        StatusChange(
            1, number, "Bills", f"KR {number}", "Service", "Q1", before and Status(before), Status(after), "so"
        )
        for number, (before, after) in enumerate(pairs)
    )
    board = weekly(*CALM, 105)
    of_week = week_of(board, View("week"), [turnover(board)], Goals(okrs=changes))
    assert gist(of_week)[1] == said
    (section,) = [each for each in week_sections(of_week) if each.name == "okrs"]
    assert len(section.lines) == lines
    together = f"{new:,} objectives and key results became active: {new // 4} Off track, {new - new // 4} On track."
    (drawn,) = [each for each in sections_of(of_week, no_links) if each.name == "okrs"]
    assert (section.lines[-1] == together) == (new > 5) == (together in unescape(drawn.body))


def test_the_gist_says_of_old_data_first_of_when_it_is(weekly, monkeypatch):
    """Its last day is 22 March 2026. News of then are no news of today."""
    board = weekly(*CALM, 90)
    wrong = "no problems, 1 below target"
    for moment, said, tab in (
        (datetime(2026, 3, 29, 6, tzinfo=UTC), "No problems, 1 below target.", wrong.capitalize()),  # a week: not old
        (datetime(2026, 3, 30, 6, tzinfo=UTC), f"As of 22 Mar 2026, 8 days ago: {wrong}.", f"22 Mar 2026: {wrong}"),
        (datetime(2034, 5, 1, 6, tzinfo=UTC), f"As of 22 Mar 2026, 8 years ago: {wrong}.", f"22 Mar 2026: {wrong}"),
    ):
        on_clocks_of(monkeypatch, moment)
        assert (gist(week(board))[0], tab_title(week(board))) == (said, tab)


def test_the_head_of_the_tiles_names_all_that_is_below_it(weekly):
    """What is only below target is not unusual."""
    for weeks, title in (
        ((*CALM, 200), "What is unusual"),
        ((*CALM, 20), "What is unusual"),  # and below target: told once, by the worse of the two
        ((*CALM, 90), "Below target, and effort alone won't fix it"),
        ((*CALM, 105), "What is unusual"),
    ):
        assert sections_of(week(weekly(*weeks)), no_links)[0].title == title
    unusual, below = turnover(weekly(*CALM, 200)), turnover(weekly(*CALM, 90))
    board = weekly(*CALM, 90)
    both = week_of(board, View("week"), [unusual, replace(below, kvi=replace(below.kvi, name="another"))], Goals())
    first = sections_of(both, no_links)[0]
    assert (first.title, first.body.count("kvi-tile ")) == ("What is unusual or below target", 2)


def test_a_tile_says_the_verdict_what_is_usual_the_distance_to_the_target_and_what_is_being_done(weekly, context):
    """Ten calm weeks have a mean of 105 and moving ranges of 10, but for the last: (9 × 10 + 20) / 10 = 11."""
    reading = turnover(weekly(*CALM, 90))
    new = NewDecision(text="Call", owner="Bo", due_on=date(2026, 3, 30), kvi="turnover")
    decision = context.store.decisions.add(new, author=an_author(context.board.today))
    tile = tile_of(reading, "EUR", no_links, actions=[decision])
    mean, spread = (1050 + 90) / 11, 2.66 * 11
    assert tile.headline == "Turnover: below target"
    assert tile.usual == f"usually €{mean:.0f} (€{mean - spread:.0f}–€{mean + spread:.0f})"
    assert tile.message == "Would hit the target only by chance: effort alone won't fix it"
    assert tile.response == "Nobody owns it · 1 open action: Bo, due 30 Mar 2026"
    assert tile.target == "target €100: short by 10\u00a0%"
    last = reading.latest["ends_on"].date()
    for day, words in ((last, "The app was down"), (last - timedelta(days=7), "A week before")):
        add_note(context.store, "turnover", day, words, author=an_author(context.board.today))
    seen = tile_of(reading, "EUR", no_links, notes=context.store.kvi_notes.all())
    assert seen.response == "Nobody owns it · Product owner: “The app was down” · no open action"
    calm = tile_of(turnover(weekly(*CALM, 105)), "EUR", no_links)
    assert (calm.headline, calm.response) == ("Usual ups and downs: no action", "")


def test_what_a_tile_says_about_a_kvi_is_prose_and_no_formula(weekly):
    reading = turnover(weekly(*CALM, 200))
    described = replace(reading, kvi=replace(reading.kvi, description="Revenue, refunds taken off."))
    about = dict(tile_of(described, "EUR", no_links).about)
    assert about["How it is counted"] == "Revenue, refunds taken off."
    assert not [said for said in about.values() if "sum(" in said]
    assert "How it is counted" not in dict(tile_of(reading, "EUR", no_links).about)  # a KVI without a description


def test_the_conditions_name_filters_and_freshness(weekly, monkeypatch):
    board = weekly(*CALM, 200)
    on_clocks_of(monkeypatch, datetime(2026, 11, 28, 12, tzinfo=UTC))
    view = View("week", where=(("country", ("NL", "DE")),))
    said = conditions(week_of(board, view, [turnover(board)], Goals()))
    assert said.startswith("Per week · only country NL, DE · data to 22 Mar 2026, 8 months old, exports read ")
    assert said.endswith(" · compared with 15 Mar 2026")


def test_an_export_that_stops_is_missed_and_the_waiting_are_named(tiny):
    """Orders end on 10 March, answers on 30 March: a week before, on 23 March, orders had ended already."""
    board = tiny(responses=answers(date(2026, 3, 30)), turnover=kvi_file())
    data = week(board).data
    assert data.arrived == "1 of 2 exports of what happened has rows of the 7 days to 30 Mar 2026."
    assert data.missing[0].startswith("The orders export ends on 10 Mar 2026, 20 days before the newest data: ")
    assert "export." in data.missing[1]
    assert gist(week(board))[-1] == "Data to 30 Mar 2026, 1 export late."


def test_slices_are_counted_in_short(weekly):
    from kviboard.board.kvis.sorting import sort_readings
    from kviboard.board.week.week import SliceWeek

    reading = turnover(weekly(*CALM, 200))
    changes = tuple(signal_changes([reading], date(2026, 3, 15)))
    part = SliceWeek("NL", sort_readings([reading]), changes, ())
    assert slice_in_short(part) == "1 unusual (1 new); 0 as usual"
