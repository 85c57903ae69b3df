"""The quarter's page: where key results stand, why, and what must be done. Numbers of the tiny company, by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kviboard.board.okrs.quarter import narrowed, read_quarter
from kviboard.board.okrs.views import TodoAction
from kviboard.domain.okrs.status import Status
from kviboard.store import NewCheckIn, NewGuardrail
from tests.board.okrs.given import a_key_result, a_quarter, active, an_author, an_objective, say
from tests.clocks import on_clocks_of

TODAY = date(2026, 3, 12)  # day 71 of 90: 79 % of the quarter; on track needs 0.85 x 78.9 = 67.1 %, at risk 47.3 %
MONTHLY = {"kvi": "turnover", "grain": "month", "unit": "currency", "baseline": "30", "target": "40"}


@pytest.fixture
def objective(context):
    return an_objective(context, a_quarter(context))


def only(context, day=None):
    """The one key result of the one objective."""
    return read_quarter(context, day=day).objectives[0].key_results[0]


def test_a_store_without_cycles_has_an_empty_page(context):
    quarter = read_quarter(context)
    assert (quarter.cycle, quarter.objectives, quarter.todos) == (None, (), ())


def test_a_typed_key_result_stands_where_the_newest_check_in_by_day_says(context, objective):
    record = a_key_result(context, objective)
    active(context, objective)
    say(context, record, date(2026, 3, 9), "70", 6)
    say(context, record, date(2026, 2, 2), "20", 8)  # written down late
    view = only(context)
    assert (view.current.value, view.current_text, view.current.when) == (70.0, "70", "9 Mar 2026")
    assert (view.judgement.raw, view.status, view.confidence) == (0.7, Status.ON_TRACK, 6)
    assert view.reason == "70 % done; 79 % of the quarter gone, expected 67 % or more"
    assert [(line.value_text, line.before_text) for line in view.check_ins] == [("70", "20"), ("20", "–")]
    assert view.typed_values == ((date(2026, 2, 2), 20.0), (date(2026, 3, 9), 70.0))


def test_comments_alone_do_not_hide_the_last_value(context, objective):
    record = a_key_result(context, objective)
    active(context, objective)
    say(context, record, date(2026, 2, 1), "60", 2)
    for day in range(1, 11):
        say(context, record, date(2026, 3, day), None, comment="still waiting")
    view = only(context)
    assert (view.current.value, view.confidence) == (60.0, 2)
    assert view.last_check_in.record.day == date(2026, 3, 10)


def test_a_corrected_check_in_counts_no_more(context, objective):
    record = a_key_result(context, objective)
    active(context, objective)
    wrong = say(context, record, date(2026, 3, 9), "700")
    right = NewCheckIn(key_result_id=record.id, day=date(2026, 3, 9), value=70)
    context.store.check_ins.correct(wrong, right, author=an_author(TODAY))
    assert only(context).current.value == 70.0


def test_a_kvi_gives_the_latest_complete_period_within_the_cycle_and_nothing_is_stored(context, objective):
    record = a_key_result(context, objective, **MONTHLY)
    active(context, objective)
    view = only(context)
    assert (view.current.value, view.current.when, view.current_text) == (7.25, "Feb 2026", "€7.25")
    assert view.judgement.raw == pytest.approx((7.25 - 30) / 10)
    assert view.status == Status.OFF_TRACK
    assert (view.baseline_text, view.target_text) == ("€30", "€40")
    assert view.kvi_title == "Turnover · per month"
    assert context.store.check_ins.of(record.id) == []


def test_a_kvi_by_score_says_of_how_much_revenue_it_speaks(context, objective):
    """Of January's 35.50 the score is known of a's 10 alone, of February's 7.25 all is a's."""
    a_key_result(context, objective, kvi="eight_plus_turnover", grain="month", unit="currency")
    a_key_result(context, objective, **MONTHLY)
    active(context, objective)
    january, february = (read_quarter(context, day=day).objectives[0].key_results for day in (date(2026, 2, 10), None))
    only_some = "only 28 % of revenue comes from customers who gave a score"
    assert (january[0].current.when, january[0].current.n_text) == ("Jan 2026", only_some)
    assert (february[0].current.when, february[0].current.n_text) == ("Feb 2026", "based on 100 % of revenue")
    assert february[1].current.n_text == ""


def test_a_slice_is_measured_by_its_customers_alone(context, objective):
    a_key_result(context, objective, **MONTHLY, where={"country": ["NL"]})
    active(context, objective)
    january = only(context, date(2026, 2, 1))
    assert (january.current.value, january.kvi_title) == (30.0, "Turnover · NL · per month")


def test_an_earlier_day_knows_no_later_period(context, objective):
    a_key_result(context, objective, **MONTHLY)
    active(context, objective)
    assert only(context, date(2026, 1, 30)).current is None
    view = only(context, date(2026, 2, 10))  # day 41 of 90
    assert (view.current.value, view.judgement.raw) == (35.5, pytest.approx(0.55))
    assert (view.status, view.reason) == (Status.ON_TRACK, "55 % done; 46 % of the quarter gone, expected 39 % or more")


def test_a_period_of_another_cycle_is_no_value(context):
    cycle = a_quarter(context, "March", date(2026, 3, 1), date(2026, 3, 31))
    a_key_result(context, an_objective(context, cycle), **MONTHLY)
    assert only(context).current is None


def test_n_and_interval_come_with_the_value(sample_context):
    """September 2026: the second route of the sample's numbers gives 86 answers of small businesses."""
    from tests.numbers.second_route import cut, expected_table

    where = {"segment": ["Small business"]}
    table = expected_table("net_promoter_score", "month", cut(None, where)).set_index("period")
    expected = table.loc["2026-09-01"]
    cycle = a_quarter(sample_context, "Q3 2026", date(2026, 7, 1), date(2026, 9, 30))
    more = {"kvi": "net_promoter_score", "grain": "month", "where": where, "unit": "score"}
    a_key_result(sample_context, an_objective(sample_context, cycle), baseline="-10", target="5", **more)
    current = only(sample_context).current
    assert current.value == pytest.approx(expected["value"])
    assert current.n_text == f"based on {expected['n']:.0f}"
    assert (current.low, current.high) == (pytest.approx(expected["low"]), pytest.approx(expected["high"]))


def test_a_kvi_that_is_gone_is_said_and_the_page_stands(context, objective):
    a_key_result(context, objective, **{**MONTHLY, "kvi": "vanished"})
    a_key_result(context, objective, "Rain", **{**MONTHLY, "where": {"planet": ["Mars"]}})
    gone, sliced = read_quarter(context).objectives[0].key_results
    assert gone.trouble == '"vanished" is not a KVI any more: choose another, or bring its file back.'
    assert '"planet" is not a dimension' in sliced.trouble
    assert gone.status == Status.PENDING
    assert not any("not a" in todo.why for todo in read_quarter(context).todos)  # of a draft nothing is wanted yet


def test_what_cannot_be_computed_any_more_needs_attention(context, objective):
    record = a_key_result(context, objective, "Late contacts", **{**MONTHLY, "kvi": "vanished"})
    rail = NewGuardrail(objective_id=objective.id, kvi="vanished", grain="month", lower=1)
    context.store.guardrails.add(rail, author=an_author())
    active(context, objective)
    first, second = read_quarter(context).todos[:2]
    assert (first.action, first.title, first.key_result_id) == (TodoAction.OPEN, "Late contacts", record.id)
    assert first.why == '"vanished" is not a KVI any more: choose another, or bring its file back.'
    assert (second.action, second.key_result_id) == (TodoAction.OPEN, None)
    assert second.why.startswith("its guardrail vanished · per month guards nothing: ")


def test_outdated_means_nobody_looked_and_old_data_means_no_new_numbers(context, objective):
    a_key_result(context, objective, "typed")
    a_key_result(context, objective, "measured", **MONTHLY, cadence_days=1)
    active(context, objective)
    typed, measured = read_quarter(context).objectives[0].key_results
    assert typed.badge.name == "Outdated"
    assert typed.badge.reason == "no check-in since the cycle began, 70 days; one is due every 14 days"
    assert measured.badge.name == "Old data"
    assert measured.badge.reason == "its data ends on 10 Mar 2026, 2 days ago; 1 day is allowed"


def test_without_new_data_check_ins_fall_due_and_a_value_has_had_until_its_day(context, objective, monkeypatch):
    """The data ends on 12 March, the 71st of 90 days; on the clocks it is the 30th."""
    late = a_key_result(context, objective, "checked in late")
    silent = a_key_result(context, objective, "silent")
    active(context, objective)
    on_clocks_of(monkeypatch, datetime(2026, 3, 30, 12, tzinfo=UTC))
    say(context, late, date(2026, 3, 26), "68")  # the 85th day: 0.85 * 85/90 is 80 %, of the 71st day 67 %
    say(context, silent, date(2026, 3, 15), "71")  # the 74th day: 70 % are expected
    now = read_quarter(context)
    assert [part.status for part in now.objectives[0].key_results] == [Status.AT_RISK, Status.ON_TRACK]
    assert now.objectives[0].key_results[0].reason == "68 % done; 94 % of the quarter gone, expected 80 % or more"
    assert [part.badge and part.badge.name for part in now.objectives[0].key_results] == [None, "Outdated"]
    assert (now.today, now.clock_day, now.objectives[0].judgement.elapsed) == (TODAY, date(2026, 3, 30), 74 / 90)
    then = read_quarter(context, day=date(2026, 3, 11))
    assert [part.badge and part.badge.name for part in then.objectives[0].key_results] == ["Outdated", "Outdated"]


def test_the_quarter_that_runs_today_is_shown_although_the_data_ends_before_it(context, monkeypatch):
    first, later = a_quarter(context), a_quarter(context, "Q2 2026", date(2026, 4, 1), date(2026, 6, 30))
    assert read_quarter(context).cycle.id == first.id
    on_clocks_of(monkeypatch, datetime(2026, 4, 20, 12, tzinfo=UTC))
    assert read_quarter(context).cycle.id == later.id


def test_the_objective_shows_the_mean_the_worst_and_how_many_are_measured(context, objective):
    records = [a_key_result(context, objective, title) for title in ("good", "bad", "silent")]
    active(context, objective)
    say(context, records[0], TODAY, "90")
    say(context, records[1], TODAY, "30")
    view = read_quarter(context).objectives[0]
    assert (view.progress, view.expected) == (pytest.approx(0.6), pytest.approx(71 / 90))
    assert (view.worst.record.title, view.measured_text) == ("bad", "2 of 3 measured")
    assert view.status == Status.AT_RISK


def test_a_breached_guardrail_holds_an_objective_at_risk(context, objective):
    record = a_key_result(context, objective)
    context.store.guardrails.add(
        NewGuardrail(objective_id=objective.id, kvi="turnover", grain="month", lower=10), author=an_author()
    )
    active(context, objective)
    say(context, record, TODAY, "90")
    view = read_quarter(context).objectives[0]
    assert view.breaches == ("Turnover stands at €7.25, not at least €10",)
    assert (view.status, view.key_results[0].status) == (Status.AT_RISK, Status.ON_TRACK)


def test_low_confidence_caps_the_status(context, objective):
    record = a_key_result(context, objective)
    active(context, objective)
    say(context, record, TODAY, "90", 3)
    assert only(context).status == Status.AT_RISK


def test_the_confidence_of_an_objective_is_the_mean_of_what_was_said_last(context, objective):
    one, other = a_key_result(context, objective, "one"), a_key_result(context, objective, "other")
    active(context, objective)
    say(context, one, date(2026, 1, 5), "1", 8)
    say(context, other, date(2026, 1, 12), "1", 4)
    say(context, one, date(2026, 1, 19), "2", 6)
    trend = read_quarter(context).objectives[0].confidences
    assert trend == ((date(2026, 1, 5), 8.0), (date(2026, 1, 12), 6.0), (date(2026, 1, 19), 5.0))


def test_confidence_over_time_begins_where_that_of_all_key_results_is_known(context, objective):
    often, once = a_key_result(context, objective, "often"), a_key_result(context, objective, "once")
    active(context, objective)
    for day in (5, 8, 12, 15, 19, 22, 26):  # the page has the newest five: not those in which 2 stood beside 8
        say(context, often, date(2026, 1, day), "1", 8)
    say(context, once, date(2026, 1, 6), "1", 2)
    trend = read_quarter(context).objectives[0].confidences
    assert trend == tuple((date(2026, 1, day), 5.0) for day in (12, 15, 19, 22, 26))
    for day in range(1, 6):
        say(context, often, date(2026, 2, day), None, comment="still waiting")
    assert read_quarter(context).objectives[0].confidences == ((date(2026, 1, 26), 5.0),)


def test_the_latest_value_has_the_one_before_beside_it_however_many_comments_lie_between(context, objective):
    record = a_key_result(context, objective)
    active(context, objective)
    say(context, record, date(2026, 1, 5), "20")
    say(context, record, date(2026, 1, 12), "60")
    for day in range(1, 7):
        say(context, record, date(2026, 2, day), None, comment="still waiting")
    say(context, record, date(2026, 3, 9), "70")
    line = only(context).last_check_in
    assert (line.value_text, line.before_text) == ("70", "60")


def test_what_must_be_done_comes_in_the_order_of_the_page(context, objective):
    late = a_key_result(context, objective, "late")
    a_key_result(context, objective, "measured", **MONTHLY, owner=None)
    active(context, objective)
    say(context, late, date(2026, 2, 1), "90")
    draft = an_objective(context, context.store.cycles.all()[0], "Customers get more", owner=None)
    todos = [(todo.action, todo.title) for todo in read_quarter(context).todos]
    assert todos == [
        (TodoAction.CHECK_IN, "late"),
        (TodoAction.OPEN, "measured"),
        (TodoAction.NAME_OWNER, "measured"),
        (TodoAction.NAME_OWNER, draft.title),
        (TodoAction.ADD, draft.title),
    ]


def test_an_ended_cycle_asks_to_be_closed(context):
    cycle = a_quarter(context, "January", date(2026, 1, 1), date(2026, 1, 31))
    objective = an_objective(context, cycle)
    a_key_result(context, objective)
    active(context, objective)
    an_objective(context, cycle, "Still a draft")
    todos = read_quarter(context, cycle.id).todos
    assert (todos[0].action, todos[0].objective_id) == (TodoAction.CLOSE, objective.id)
    assert todos[0].why == "January ended on 31 Jan 2026 and this is still active"
    assert [todo.action for todo in todos].count(TodoAction.CLOSE) == 1


def test_a_key_result_says_when_its_kvi_will_have_a_value(context):
    """The data ends on 12 March; the ten days from 5 to 14 March hold the end of no month."""
    objective = an_objective(context, a_quarter(context, "Later", date(2026, 3, 1), date(2026, 3, 31)))
    a_key_result(context, objective, "monthly", **MONTHLY)
    a_key_result(context, objective, "quarterly", **{**MONTHLY, "grain": "quarter"})
    active(context, objective)
    short = an_objective(context, a_quarter(context, "Ten days", date(2026, 3, 5), date(2026, 3, 14)), "Customers win")
    a_key_result(context, short, "none", **MONTHLY)
    active(context, short)
    reasons = {
        p.record.title: p.reason for c in (1, 2) for o in read_quarter(context, c).objectives for p in o.key_results
    }
    assert reasons == {
        "monthly": "no value before Mar 2026 is complete on 31 Mar 2026",
        "quarterly": "no value before Q1 2026 is complete on 31 Mar 2026",
        "none": "no value within Ten days: no month ends in it",
    }


def test_the_sparkline_of_an_ended_cycle_ends_with_it(context):
    """January's key result does not show February's 7.25."""
    cycle = a_quarter(context, "January", date(2026, 1, 1), date(2026, 1, 31))
    objective = an_objective(context, cycle)
    a_key_result(context, objective, **MONTHLY)
    active(context, objective)
    view = read_quarter(context, cycle.id).objectives[0].key_results[0]
    assert view.recent.frame["value"].tolist() == [35.5]
    assert len(view.reading.frame) == 3


def test_too_many_objectives_of_a_team_and_too_few_key_results_are_hinted_at(context):
    cycle = a_quarter(context)
    for number in range(6):
        an_objective(context, cycle, f"Customers get {number}")
    quarter = read_quarter(context)
    assert quarter.hints == ("Service: 6 objectives: 1 to 5 keep a team in focus.",)
    assert quarter.objectives[0].hints == ("No key results: 2 to 5 keep an objective in focus.",)


def test_teams_and_statuses_narrow_the_page_and_stay_to_be_chosen(context, objective):
    a_key_result(context, objective, **MONTHLY)
    active(context, objective)
    other = an_objective(context, context.store.cycles.all()[0], "Customers smile", team=None)
    quarter = read_quarter(context)
    assert quarter.teams == ("Company", "Service")
    assert [view.record.id for view in narrowed(quarter, teams=["Company"]).objectives] == [other.id]
    narrow = narrowed(quarter, statuses=[Status.OFF_TRACK])
    assert [view.record.id for view in narrow.objectives] == [objective.id]
    assert {todo.objective_id for todo in narrow.todos} == {objective.id}
    assert narrow.teams == quarter.teams
    assert narrowed(quarter).objectives == quarter.objectives


def test_the_cycle_of_the_data_is_shown_unless_another_is_chosen(context):
    first, later = a_quarter(context), a_quarter(context, "Q2 2026", date(2026, 4, 1), date(2026, 6, 30))
    assert read_quarter(context).cycle.id == first.id
    assert read_quarter(context, later.id).cycle.id == later.id
    assert read_quarter(context, day=date(2027, 1, 1)).cycle.id == later.id


def test_the_page_is_made_anew_only_after_a_save(context, objective):
    before = read_quarter(context)
    assert read_quarter(context) is before
    context.store.objectives.edit(replace(objective, title="Customers find help in a minute"), author=an_author())
    assert read_quarter(context).objectives[0].record.title == "Customers find help in a minute"


def test_drafts_and_closed_objectives_are_not_asked_for_check_ins(context, objective):
    a_key_result(context, objective)
    view = only(context)
    assert (view.badge, view.status, view.reason) == (None, Status.PENDING, "a draft; it counts once it is active")


def test_a_parent_in_another_cycle_is_named(context):
    year = a_quarter(context, "2026", date(2026, 1, 1), date(2026, 12, 31))
    parent = an_objective(context, year, "Customers trust us", team=None)
    quarter = a_quarter(context)
    an_objective(context, quarter, parent_id=parent.id)
    view = read_quarter(context, quarter.id).objectives[0]
    assert (view.parent.title, view.parent.team) == ("Customers trust us", "Company")
