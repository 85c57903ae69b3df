"""What is said about OKRs while they are typed: numbers, problems, luck, wording, proposals."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kviboard.board.kvis.reading import View
from kviboard.board.kvis.targets import TargetForm, set_target
from kviboard.board.numbers import read_number, rounded, typed_text, understood
from kviboard.board.okrs.forms import GuardrailForm, KeyResultForm, ObjectiveForm, key_result_form, objective_form
from kviboard.board.okrs.proposals import propose_cycle, propose_measure
from kviboard.board.okrs.validation import check_guardrail, check_key_result, check_objective
from kviboard.domain.kvis.signals import DOWN, WITHIN
from kviboard.domain.okrs.model import Cycle
from kviboard.errors import StoreError, UsageError
from tests.board.okrs.given import a_key_result, a_quarter, an_author, an_objective

Q1 = Cycle("Q1 2026", date(2026, 1, 1), date(2026, 3, 31))
Q4 = Cycle("Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
ON_TURNOVER = KeyResultForm(title="Turnover", kvi="turnover", grain="month", baseline="30", target="40")


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("48.7", "percent", "0.487"),
        ("48.7 %", "percent", "0.487"),
        ("−3", "score", "-3"),
        ("1,204", "customers", "1204"),
        ("1,204.5", "number", "1204.5"),
        ("1.204,50", "number", "1204.50"),
        ("0,5", "number", "0.5"),
        ("€1,200", "currency", "1200"),
        ("¥1,200", "currency", "1200"),
        ("￥1,200", "currency", "1200"),
        ("NZ$ 1,204.50", "currency", "1204.50"),
        ("−\u2060₩48,024", "currency", "-48024"),  # as the pages write it
        ("1\u202f204\u00a0%", "percent", "12.04"),
        (".5", "number", "0.5"),
        ("  ", "number", None),
    ],
)
def test_numbers_are_read_as_people_type_them(text, unit, value):
    assert read_number(text, unit, "Target") == (None if value is None else Decimal(value), [])


@pytest.mark.parametrize("text", ["abc", "1.2.3", "12 or so", "1,20,4", "--1", "NaN", "1e5", "∞"])
def test_what_is_no_number_is_said_with_its_field(text):
    value, problems = read_number(text, "number", "Target")
    assert value is None
    assert str(problems[0]) == f"Target: “{text}” is not a number. Type it like 48.7 or 1,204."


@pytest.mark.parametrize(
    ("text", "shown"),
    [("9" * 400, "9" * 60 + "…"), ("1" + "0" * 21, "1" + "0" * 21), ("0." + "0" * 20 + "1", "0." + "0" * 20 + "1")],
)
def test_a_number_too_long_to_be_kept_is_refused_in_its_field_and_not_repeated_whole(text, shown):
    kept = "At most 21 before and 20 after the decimal sign, 28 in all, can be kept."
    value, problems = read_number(text, "number", "Target")
    assert (value, [str(each) for each in problems]) == (None, [f"Target: “{shown}” has too many digits. {kept}"])
    assert understood(text, "number", "EUR") == ("", False)


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("0.12", "percent", ("0.12 means 0.12\xa0%, not 12\xa0%: for that type 12.", True)),
        ("0,5", "percent", ("0.5 means 0.5\xa0%, not 50\xa0%: for that type 50.", True)),
        ("−.9", "percent", ("−0.9 means −0.9\xa0%, not −90\xa0%: for that type −90.", True)),
        ("0.12 %", "percent", ("Taken as 0.12\xa0%.", False)),  # who types the sign means it
        ("12", "percent", ("Taken as 12\xa0%.", False)),
        ("0", "percent", ("Taken as 0\xa0%.", False)),
        ("1.204,50", "currency", ("Taken as €1,204.50.", False)),
        ("0.12", "number", ("", False)),
        ("1204", "number", ("Taken as 1,204.", False)),
        ("1204.567", "score", ("Taken as 1,204.567.", False)),  # which is kept, not 1,204.57
        ("-1204.567", "currency", ("Taken as −1,204.567.", False)),
        ("34.567", "score", ("", False)),
        ("", "percent", ("", False)),
        ("abc", "percent", ("", False)),
    ],
)
def test_what_a_number_is_taken_for_is_said_while_it_is_typed(text, unit, said):
    assert understood(text, unit, "EUR") == said


@pytest.mark.parametrize("value", ["0.487", "0", "1", "-0.5", "0.001"])
def test_a_number_typed_back_is_the_same_number(value):
    for unit in ("percent", "number"):
        assert read_number(typed_text(Decimal(value), unit), unit, "x")[0] == Decimal(value)


def test_measured_values_are_rounded_to_what_a_person_would_type():
    assert rounded(882.1333, "customers") == Decimal("882")
    assert rounded(-6.97674, "score") == Decimal("-6.98")
    assert rounded(0.48731, "percent") == Decimal("0.487")
    assert rounded(0.0, "number") == 0


def test_an_objective_needs_a_title_and_a_weight_above_zero(context):
    checked = check_objective(context, 1, ObjectiveForm(title=" ", weight="0"))
    assert [problem.where for problem in checked.problems] == ["Objective", "Weight"]
    assert str(checked.problems[0]) == "Objective: it is empty. Say what changes for the customer."


def test_empty_names_mean_nobody_and_the_company(context):
    new = check_objective(context, 1, ObjectiveForm(title=" Customers smile ", team=" ", owner="")).new
    assert (new.title, new.team, new.owner) == ("Customers smile", None, None)


def test_the_values_of_dimensions_are_kinds_of_customers(sample_context):
    assert {"Small business", "Netherlands", "Pro"} <= sample_context.kinds_of_customers
    assert "Unknown" not in sample_context.kinds_of_customers
    named = check_objective(sample_context, 1, ObjectiveForm(title="Enterprise teams see their savings at once"))
    assert named.coached.findings == ()
    shipping = check_objective(sample_context, 1, ObjectiveForm(title="Launch the new portal in 3 countries"))
    assert {finding.rule for finding in shipping.coached.findings} >= {"outcome_for_them", "no_digits"}
    assert shipping.problems == ()  # the coach never blocks


def test_a_key_result_on_a_kvi_has_the_unit_of_the_kvi(context):
    checked = check_key_result(context, 1, Q1, replace(ON_TURNOVER, unit="percent"))
    assert (checked.problems, checked.new.unit, checked.new.target) == ((), "currency", Decimal(40))


def test_every_problem_of_a_key_result_is_said_at_once(context):
    form = KeyResultForm(title="", baseline="x", target="5", weight="-1", cadence_days=0)
    told = " ".join(str(problem) for problem in check_key_result(context, 1, Q1, form, draft=False).problems)
    for words in (
        "“x” is not a number",
        "the title is empty",
        "the weight is not",
        "the cadence",
        "there is no baseline",
    ):
        assert words in told


def test_a_kvi_without_its_grain_or_a_kvi_that_is_gone_is_refused(context):
    assert "its grain is missing" in str(check_key_result(context, 1, Q1, replace(ON_TURNOVER, grain="")).problems[0])
    gone = check_key_result(context, 1, Q1, replace(ON_TURNOVER, kvi="gone")).problems
    assert '"gone" is not a KVI' in str(gone[0])


def test_a_slice_nobody_is_in_is_refused(context):
    form = replace(ON_TURNOVER, where={"country": ["NL", "Atlantis"]})
    assert [str(p) for p in check_key_result(context, 1, Q1, form).problems] == [
        "KVI: country has no value “Atlantis”. Choose another."
    ]


def test_numbers_of_another_kind_are_left_out(context):
    form = KeyResultForm(title="Done", kind="milestone", baseline="3", target="x", lower="1")
    checked = check_key_result(context, 1, Q1, form)
    assert checked.problems == ()
    assert (checked.new.baseline, checked.new.target, checked.new.lower) == (None, None, None)


def test_a_plan_is_typed_in_per_cent(context):
    form = KeyResultForm(title="Answers", baseline="0", target="9", plan=((date(2026, 2, 1), "70"),))
    assert check_key_result(context, 1, Q1, form).new.plan[0].share == Decimal("0.7")
    late = replace(form, plan=((date(2026, 5, 1), "70"),))
    assert "outside the cycle" in str(check_key_result(context, 1, Q1, late).problems[0])


def test_a_target_within_normal_variation_is_warned_of_while_it_is_typed(sample_context):
    """Complaints only wiggle: between 17.8 and 36.9 per 1,000 and month, as the sample's README says "around 27"."""
    form = KeyResultForm(title="Complaints", kind="decrease", kvi="complaints_per_1000", grain="month", baseline="27")
    history = sample_context.history("complaints_per_1000", "month", {})
    inside = check_key_result(sample_context, 1, Q4, replace(form, target="22"))
    outside = check_key_result(sample_context, 1, Q4, replace(form, target=f"{history.normal[0] - 1:.1f}"))
    assert "you could reach this by chance" in inside.luck
    assert (outside.luck, inside.problems) == ("", ())


def test_where_a_level_holds_no_more_luck_is_measured_from_the_latest_value(sample_context):
    """The old level's 18 to 38 says nothing about complaints that fell to 5 for good: 5 ± 10 does, above 0."""
    history = sample_context.history("complaints_per_1000", "month", {})
    fallen = replace(history.points[-1], value=5.0, lower=18.0, centre=28.0, upper=38.0, verdict=DOWN)
    assert replace(history, points=(*history.points[:-1], fallen)).normal == (0.0, 15.0)
    still = replace(fallen, verdict=WITHIN)
    assert replace(history, points=(*history.points[:-1], still)).normal == (18.0, 38.0)


def test_a_kvi_that_settles_too_late_or_goes_the_other_way_is_hinted_at(sample_context):
    form = KeyResultForm(
        title="Again", kind="decrease", kvi="repurchase_rate_90d", grain="month", baseline="87", target="80"
    )
    november = Cycle("November", date(2026, 11, 1), date(2026, 11, 30))
    late, way = check_key_result(sample_context, 1, november, form).hints
    assert "it has no value within this cycle" in late
    assert "is better when it goes up" in way


@pytest.mark.parametrize(
    ("title", "unit", "kind", "doubted"),
    [
        ("Share of customers on the tariff that fits them", "number", "increase", True),
        ("The percentage of calls answered at once", "number", "keep_within", True),
        ("Share of customers on the tariff that fits them", "percent", "increase", False),
        ("Shares of customers sold", "number", "increase", False),
        ("Share of voice is measured", "number", "milestone", False),
    ],
)
def test_a_share_without_the_sign_of_per_cent_is_hinted_at(sample_context, title, unit, kind, doubted):
    form = KeyResultForm(title=title, unit=unit, kind=kind)
    hints = check_key_result(sample_context, 1, Q4, form).hints
    assert any("is usually in per cent" in hint for hint in hints) == doubted


def test_what_a_supervisor_requires_is_kept_and_not_raised(sample_context):
    form = KeyResultForm(
        title="Complaints settled within a week", kvi="complaints_settled_in_time", grain="month", baseline="88"
    )
    raised = check_key_result(sample_context, 1, Q4, replace(form, kind="increase", target="95"))
    (problem,) = raised.problems
    assert problem.what.startswith("Complaints settled within a week is what a supervisor requires: a limit")
    assert check_key_result(sample_context, 1, Q4, replace(form, kind="keep_within", lower="80")).problems == ()
    guardrail = GuardrailForm(kvi="complaints_settled_in_time", grain="month", lower="80")
    assert check_guardrail(sample_context, 1, guardrail)[1] == []
    target = TargetForm(value="95", starts_on=date(2026, 11, 1), reason="More is better.")
    view = View("month")
    with pytest.raises(StoreError, match="a limit that must hold"):
        set_target(sample_context.board, sample_context.store, form.kvi, view, target, author=an_author())


def test_a_guardrail_needs_a_kvi_and_a_bound(context):
    _, problems = check_guardrail(context, 1, GuardrailForm(kvi="turnover", grain="month"))
    assert [problem.what for problem in problems] == ["it has no bound."]
    _, problems = check_guardrail(context, 1, GuardrailForm(kvi="turnover", grain="month", lower="9", upper="5"))
    assert [problem.what for problem in problems] == ["the lower bound lies above the upper bound."]
    assert check_guardrail(context, 1, GuardrailForm(lower="1"))[1][0].what == "it has no KVI."


def test_a_record_fills_its_form_and_comes_back_unchanged(context):
    objective = an_objective(context, a_quarter(context), customer_promise="At once.")
    record = a_key_result(context, objective, unit="percent", baseline="0.125", target="0.5", weight="2")
    form = key_result_form(record)
    assert (form.baseline, form.target, form.weight) == ("12.5", "50", "2")
    new = check_key_result(context, objective.id, Q1, form).new
    assert all(
        getattr(record, name) == getattr(new, name) for name in ("baseline", "target", "weight", "unit", "title")
    )
    again = check_objective(context, objective.cycle_id, objective_form(objective)).new
    assert (again.title, again.team, again.customer_promise) == (objective.title, "Service", "At once.")


def test_the_level_before_the_cycle_is_proposed_as_baseline(sample_context):
    """Complaints never left their level, so its centre is steadier than the latest month; the cycle's own months are no
    part of where it began."""
    proposal = propose_measure(sample_context, "complaints_per_1000", "month", {}, Q4)
    history = sample_context.history("complaints_per_1000", "month", {}).points
    months = [point for point in history if point.ends_on < Q4.starts_on]
    assert len(months) < len(history)
    assert float(proposal.baseline) == pytest.approx(sum(p.value for p in months) / len(months), abs=0.05)
    assert proposal.kind == "decrease"
    assert "usually it was" in proposal.why


def test_a_level_that_was_left_is_not_proposed(sample_context):
    """Small businesses fell from about +38 to −15 with the new prices: their old level is no baseline."""
    where = {"segment": ["Small business"]}
    proposal = propose_measure(sample_context, "net_promoter_score", "month", where, Q4)
    assert proposal.baseline == proposal.latest == "−6.98"
    assert "holds no more" in proposal.why


def test_too_little_history_proposes_the_latest_period(context):
    proposal = propose_measure(context, "turnover", "month", {}, Cycle("later", date(2026, 4, 1), date(2026, 6, 30)))
    assert (proposal.baseline, "too little history for a level" in proposal.why) == ("7.25", True)
    with pytest.raises(UsageError):
        propose_measure(context, "turnover", "fortnight", {}, Q1)


def test_the_next_cycle_is_proposed_from_the_calendar(context):
    assert propose_cycle(context).name == "Q1 2026"
    a_quarter(context)
    proposed = propose_cycle(context)
    assert (proposed.name, proposed.starts_on, proposed.ends_on) == ("Q2 2026", date(2026, 4, 1), date(2026, 6, 30))
