"""Interests in balance on the sample: who gained and who lost as each KVI's own reading says, limits by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest

from kviboard.board.board import Board
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.kvis.all_kvis import read_every_kvi
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.outside_in.balance import balance_of, bought_with, says
from kviboard.domain.formatting import SPACE
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.domain.outside_in.check import QUESTIONS, Answer, results
from kviboard.workspace import SAMPLE_WORKSPACE

EXPORTED = json.loads((SAMPLE_WORKSPACE / "okrs.json").read_text(encoding="utf-8"))["tables"]


@pytest.fixture(scope="module")
def context(sample_board: Board, tmp_path_factory: pytest.TempPathFactory) -> BoardContext:
    state = tmp_path_factory.mktemp("state")
    return BoardContext(sample_board, open_store_of(sample_board.workspace.model_copy(update={"state": state})))


@pytest.fixture(scope="module")
def readings(context: BoardContext) -> dict[str, Reading]:
    view = View(context.board.usual_grain)
    return {name: found[0] for name, found in read_every_kvi(context.board, view).items()}


def test_each_kvi_stands_once_for_the_interest_of_its_file(context: BoardContext, readings: dict[str, Reading]) -> None:
    interests = {each.name: each for each in balance_of(context, readings)}
    assert list(interests) == ["customer", "employees", "company", "regulator"]
    named = {"settled_after_hours": "employees", "complaints_settled_in_time": "regulator"}  # by their files
    for name in ("customer", "company"):
        found = interests[name]
        shown = [*found.better, *found.worse, *found.usual, *found.unjudged]
        assert {each.kvi.group for each in shown} == {name}
        assert [each for each in shown if each.signal == "good"] == list(interests[name].better)
        assert [each for each in shown if each.signal == "bad"] == list(interests[name].worse)
        assert {each.verdict for each in found.usual} == {WITHIN}
        assert not {each.verdict for each in found.unjudged} & {UP, DOWN, WITHIN}
        better, worse, unjudged = len(found.better), len(found.worse), len(found.unjudged)
        rest = f", {unjudged} {'is' if unjudged == 1 else 'are'} not judged yet." if unjudged else "."
        said = (
            f"{better} of {len(shown)} KVIs are better than usual, {worse} {'is' if worse == 1 else 'are'} worse{rest}"
        )
        none = f"None of {len(shown)} KVIs is better or worse than usual{rest}"
        assert interests[name].in_words == (said if better or worse else none)
    whole = [
        each.kvi
        for found in interests.values()
        for each in (*found.better, *found.worse, *found.usual, *found.unjudged)
    ]
    assert len(whole) == len({each.name for each in whole})
    assert not [each for each in whole if each.mirrors in {other.name for other in whole}]
    for kvi, interest in named.items():
        assert [each.kvi.name for each in interests[interest].usual] == [kvi]
        assert interests[interest].in_words == "Their one KVI is as usual."


QUARTERS = (
    ("Q3 2025", "2025-07", "2025-09"), ("Q4 2025", "2025-10", "2025-12"), ("Q1 2026", "2026-01", "2026-03"),
    ("Q2 2026", "2026-04", "2026-06"), ("Q3 2026", "2026-07", "2026-09"), ("Q4 2026 so far", "2026-10", "2026-12"),
)  # fmt: skip


def test_each_quarter_counts_the_kvis_that_gave_a_signal_in_it(
    context: BoardContext, readings: dict[str, Reading]
) -> None:
    _holds_quarters(context, readings, QUARTERS)
    customers = balance_of(context, readings)[0]
    assert [each.short for each in customers.quarters][-2:] == ["Q3 ’26", "Q4 ’26"]
    assert customers.quarters[-2].worse  # daily use fell in August


FISCAL_QUARTERS = (
    ("Q2 FY2025/26", "2025-05", "2025-07"), ("Q3 FY2025/26", "2025-08", "2025-10"),
    ("Q4 FY2025/26", "2025-11", "2026-01"), ("Q1 FY2026/27", "2026-02", "2026-04"),
    ("Q2 FY2026/27", "2026-05", "2026-07"), ("Q3 FY2026/27", "2026-08", "2026-10"),
)  # fmt: skip


def test_quarters_of_signals_are_those_of_the_company_with_their_names_on_other_pages(
    context: BoardContext, readings: dict[str, Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    fiscal = replace(context.board.calendar, quarter_starts_in=2)
    monkeypatch.setattr(Board, "calendar", property(lambda _: fiscal))
    _holds_quarters(context, readings, FISCAL_QUARTERS)
    assert [each.short for each in balance_of(context, readings)[0].quarters][-2:] == ["Q2\nFY26/27", "Q3\nFY26/27"]


def _holds_quarters(
    context: BoardContext, readings: dict[str, Reading], quarters: tuple[tuple[str, str, str], ...]
) -> None:
    """Names, first and last months: each interest counts the signals of periods that ended in them."""
    for interest in balance_of(context, readings):
        own = [*interest.better, *interest.worse, *interest.usual, *interest.unjudged]
        expected = []
        for head, first, last in quarters:
            found = {"good": 0, "bad": 0}
            for frame in (each.judging.frame for each in own):
                months = frame["ends_on"].astype("string").str[:7]
                seen = set(frame[frame["complete"].astype(bool) & months.between(first, last)]["signal"])
                found = {signal: count + (signal in seen) for signal, count in found.items()}
            whole = f"{len(own)} KVI{'' if len(own) == 1 else 's'}"
            says = f"{head}: {found['good']} of {whole} were unusual for the better, {found['bad']} for the worse."
            expected.append((found["good"], found["bad"], says))
        assert [(each.better, each.worse, each.in_words) for each in interest.quarters] == expected


def test_a_file_may_name_another_interest_and_one_gains_while_another_loses(
    context: BoardContext, readings: dict[str, Reading]
) -> None:
    def as_if(name: str, signal: str, interest: str) -> Reading:
        reading = readings[name].judging
        last = int(reading.columns["complete"].nonzero()[0][-1])
        column = reading.columns["signal"].copy()
        column[last] = signal
        kvi = replace(reading.kvi, interest=interest, mirrors=None)
        return replace(reading, kvi=kvi, columns={**reading.columns, "signal": column}, judged=None)

    moved = {
        "turnover": as_if("turnover", "good", "company"),
        "complaints_per_1000": as_if("complaints_per_1000", "bad", "regulator"),
    }
    interests = {each.name: each for each in balance_of(context, moved)}
    assert [each.kvi.name for each in interests["regulator"].worse] == ["complaints_per_1000"]
    within = {name: replace(each, limits=()) for name, each in interests.items()}
    assert bought_with(list(within.values())) == [
        "Turnover got better for the company while Complaints per 1,000 customers got worse for supervisors: was one "
        "bought with the other?"
    ]
    assert bought_with([within["company"]]) == []


def test_a_gain_stands_beside_a_limit_that_another_interest_left(
    context: BoardContext, readings: dict[str, Reading]
) -> None:
    """The sample's customer satisfaction is below what an active objective holds it to; turnover may have paid."""
    whole = {each.name: each for each in balance_of(context, readings)}
    assert [limit.kvi for limit in whole["customer"].limits if limit.breach] == ["customer_satisfaction"]
    gaining = replace(whole["company"], better=(readings["turnover"],))
    losing = replace(whole["customer"], worse=())
    said = "Turnover got better for the company while Customer satisfaction · per month left its limit for customers"
    assert bought_with([losing, gaining]) == [f"{said}: was one bought with the other?"]
    kept = replace(losing, limits=tuple(replace(limit, breach="") for limit in losing.limits))
    assert bought_with([kept, gaining]) == []
    both = replace(losing, worse=(readings["net_promoter_score"], readings["customer_satisfaction"]))
    assert " and Customer satisfaction got worse for customers:" in bought_with([both, gaining])[0]  # said once


def test_limits_are_the_guardrails_of_active_objectives_with_where_they_stand(
    context: BoardContext, readings: dict[str, Reading]
) -> None:
    active = {each["id"] for each in EXPORTED["objectives"] if each["state"] == "Active" and not each["archived_at"]}
    rails = [each for each in EXPORTED["guardrails"] if each["objective_id"] in active and not each["archived_at"]]
    limits = [limit for each in balance_of(context, readings) for limit in each.limits]
    assert sorted(limit.kvi for limit in limits) == sorted(each["kvi"] for each in rails) != []
    for limit in limits:
        (rail,) = [each for each in rails if each["kvi"] == limit.kvi]
        history = context.history(limit.kvi, rail["grain"], rail["where"] or {})
        value = next(point.value for point in reversed(history.points) if point.value is not None)
        low, high = rail["lower"], rail["upper"]
        is_broken = (low and value < float(low)) or (high and value > float(high))
        assert bool(limit.breach) == bool(is_broken)
        assert limit.band.startswith("at least" if low else "at most")
    # 216 of 361 answers of October give 8 or more: Wilson's interval by hand holds the 62 % that they miss
    (satisfied,) = [limit for limit in limits if limit.kvi == "customer_satisfaction"]
    assert satisfied.stands.replace(SPACE, " ") == "59.8 % (54.7 % to 64.8 % by chance)"
    assert satisfied.breach == f"Customer satisfaction stands at {satisfied.stands}, not at least 62{SPACE}%"


def test_a_kvi_that_cannot_be_judged_yet_is_not_called_as_usual(
    context: BoardContext, readings: dict[str, Reading]
) -> None:
    def as_if(name: str, verdict: str) -> Reading:
        reading = readings[name].judging
        told = np.full(reading.columns["verdict"].shape, verdict, dtype=object)
        silent = np.full(told.shape, None, dtype=object)
        return replace(reading, columns={**reading.columns, "verdict": told, "signal": silent}, judged=None)

    def said(*verdicts: str) -> str:
        names = ("orders", "turnover", "new_customers")
        given = {name: as_if(name, verdict) for name, verdict in zip(names, verdicts, strict=False)}
        return balance_of(context, given)[2].in_words

    early = "too early to say: 3 of 8 periods"
    assert said(early) == "Their one KVI is not judged yet."
    assert said(WITHIN) == "Their one KVI is as usual."
    assert said(early, early) == "None of 2 KVIs is judged yet."
    assert said(early, WITHIN, WITHIN) == "None of 3 KVIs is better or worse than usual, 1 is not judged yet."


def test_what_employees_say_is_the_mean_of_their_answers(context: BoardContext) -> None:
    answers = [Answer({"own_part": grade, "claims_easy": 5}) for grade in (2, 3, 4, 4, 5)]
    customers, employees, *_ = balance_of(context, {}, results(answers))
    assert (customers.in_words, customers.quarters) == ("No KVI stands for them.", ())
    assert [says(each) for each in employees.said] == [f"3.6 of 5 (5 answers, few): {QUESTIONS['own_part']}"]
    assert employees.in_words == "No KVI stands for them; this is what they say."
