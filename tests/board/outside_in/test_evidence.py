"""Every sign of customer focus against a count of the sample's own files, and on a board without any records."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.tseries.offsets import BDay

from kviboard.board.board import Board
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.kvis.all_kvis import read_every_kvi
from kviboard.board.kvis.looks import IN_REVIEW, ON_KVIS, note_looks
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.sorting import without_mirrors
from kviboard.board.kvis.verdicts import OVERLAPS
from kviboard.board.outside_in.evidence import read_evidence
from kviboard.board.outside_in.sign import Sign
from kviboard.board.reviews.meeting import DecisionForm, decide
from kviboard.domain.formatting import format_value
from kviboard.domain.kvis.signals import DOWN, UP
from kviboard.errors import StoreError
from kviboard.store import Author, NewDecision, NewQuote
from kviboard.ui.sections import SECTIONS
from kviboard.workspace import SAMPLE_WORKSPACE
from tests.numbers.sample_exports import asked_for_a_score, orders
from tests.numbers.second_route import cut, expected_table, scored_orders

EXPORTED = json.loads((SAMPLE_WORKSPACE / "okrs.json").read_text(encoding="utf-8"))["tables"]
QUERIES = Path(SAMPLE_WORKSPACE).parent / "queries" / "kvis"
LAST_DAY = "2026-10-31"


@pytest.fixture(scope="module")
def context(sample_board: Board, tmp_path_factory: pytest.TempPathFactory) -> BoardContext:
    """The sample with a state of its own: what others look at is noted there, too."""
    return context_in(sample_board, tmp_path_factory.mktemp("state"))


def context_in(board: Board, state: Path, **more: Path) -> BoardContext:
    own = replace(board, workspace=board.workspace.model_copy(update={"state": state}))
    return BoardContext(own, open_store_of(own.workspace.model_copy(update=more)))


@pytest.fixture(scope="module")
def readings(context: BoardContext) -> dict[str, Reading]:
    view = View(context.board.usual_grain)
    return {name: found[0] for name, found in read_every_kvi(context.board, view).items()}


@pytest.fixture(scope="module")
def signs(context: BoardContext, readings: dict[str, Reading]) -> dict[str, Sign]:
    return {sign.name: sign for sign in read_evidence(context, readings)}


def running() -> list[dict[str, object]]:
    """The objectives of the cycle that the data's last day lies in, without drafts."""
    (cycle,) = [each for each in EXPORTED["cycles"] if each["starts_on"] <= LAST_DAY <= each["ends_on"]]
    return [
        each
        for each in EXPORTED["objectives"]
        if each["cycle_id"] == cycle["id"] and each["state"] != "Draft" and not each["archived_at"]
    ]


def test_key_results_of_customers_are_those_of_kvis_in_the_customers_group(signs: dict[str, Sign]) -> None:
    groups = {path.stem: path.read_text(encoding="utf-8") for path in QUERIES.glob("*.sql")}
    customers = {name for name, sql in groups.items() if not re.search(r"^group: company", sql, re.M)}
    ids = {each["id"] for each in running()}
    found = [each for each in EXPORTED["key_results"] if each["objective_id"] in ids and not each["archived_at"]]
    of_customers = sum(each["kvi"] in customers for each in found)
    assert 0 < of_customers < len(found)
    assert signs["key_results_of_customers"].says == f"{of_customers} of {len(found)} key results"
    assert signs["key_results_of_customers"].share == pytest.approx(of_customers / len(found))


FOR_OURSELVES = {
    "Roll out the dark screen on every device",
    "Launch the new billing engine and migrate 80 % of the accounts",
}
"""Of the sample's objectives those that anybody who reads them finds to be about what we ship; both were planted."""


def test_objectives_for_customers_are_those_that_a_person_finds_so(signs: dict[str, Sign]) -> None:
    titles = [each["title"] for each in running()]
    worded = sum(title not in FOR_OURSELVES for title in titles)
    assert signs["objectives_for_customers"].says == f"{worded} of {len(titles)} objectives"
    (third,) = [each["id"] for each in EXPORTED["cycles"] if each["name"] == "Q3 2026"]
    before = [
        each["title"] for each in EXPORTED["objectives"] if each["cycle_id"] == third and each["state"] != "Draft"
    ]
    share = sum(title not in FOR_OURSELVES for title in before) / len(before)
    assert signs["objectives_for_customers"].before == (share, worded / len(titles))
    assert 0 < share < 1


MONTHS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2026-02-28", "2026-09-30", freq="ME")]


def test_decisions_that_name_a_kvi_are_counted_of_all(signs: dict[str, Sign]) -> None:
    found = [each for each in EXPORTED["decisions"] if not each["archived_at"]]
    named = sum(bool(each["kvi"]) for each in found)
    assert signs["decisions_with_customers"].says == f"{named} of {len(found)} decisions"
    then = [[bool(each["kvi"]) for each in found if each["created_at"][:10] <= day] for day in MONTHS]
    assert signs["decisions_with_customers"].before == (*(sum(each) / len(each) for each in then), named / len(found))


def test_a_decision_that_answers_a_customer_s_words_has_them_for_a_kvi(context: BoardContext, tmp_path: Path) -> None:
    own = BoardContext(context.board, open_store_of(context.board.workspace.model_copy(update={"state": tmp_path})))
    review = next(each for each in own.store.reviews.all() if "closing" not in own.store.reviews.acts_done()[each.id])
    author = Author("Ann", datetime(2026, 10, 30, 9, tzinfo=UTC))
    quote = own.store.quotes.add(NewQuote(review_id=review.id, response_id="A1"), author=author)
    named = [each["kvi"] for each in EXPORTED["decisions"] if each["kvi"]]
    for answers, text in ((None, "Meet again"), (quote.id, "Call them")):
        form = DecisionForm(text=text, owner="Ann", due_on=date(2026, 11, 20), quote=answers)
        decide(own, review, form, author=author)
    (sign,) = [each for each in read_evidence(own, {}) if each.name == "decisions_with_customers"]
    assert sign.says == f"{len(named) + 1} of {len(EXPORTED['decisions']) + 2} decisions"
    with pytest.raises(StoreError, match="not quoted in this review"):
        decide(own, own.store.reviews.all()[-1], form, author=author)


def test_sprints_count_from_the_first_review_and_need_both_acts(signs: dict[str, Sign]) -> None:
    lines = (SAMPLE_WORKSPACE / "exports" / "sprints.csv").read_text(encoding="utf-8").splitlines()
    columns = lines[0].split(",")
    sprints = [dict(zip(columns, line.split(","), strict=False)) for line in lines[1:]]
    reviews = [each for each in EXPORTED["reviews"] if not each["archived_at"]]
    first = min(each["starts_on"] for each in reviews)
    ended = {each["Sprint"] for each in sprints if each["First day"] >= first and each["Last day"] <= LAST_DAY}
    acts = {(act["review_id"], act["act"]) for act in EXPORTED["review_acts"]}
    both = {each["sprint"] for each in reviews if {(each["id"], "opening"), (each["id"], "closing")} <= acts}
    assert 0 < len(both & ended) < len(ended)
    assert signs["reviews_with_vision"].says == f"{len(both & ended)} of {len(ended)} sprints"
    closed = {act["review_id"]: act["created_at"][:10] for act in EXPORTED["review_acts"] if act["act"] == "closing"}
    done_by = {each["sprint"]: closed.get(each["id"], "9") for each in reviews if each["sprint"] in both}
    stood = []
    for day in ("2026-08-31", "2026-09-30"):
        over = [each["Sprint"] for each in sprints if each["First day"] >= first and each["Last day"] <= day]
        stood.append(sum(done_by.get(name, "9") <= day for name in over) / len(over) if over else None)
    assert signs["reviews_with_vision"].before == (*stood, len(both & ended) / len(ended))


def test_kvis_looked_at_are_those_of_the_last_thirty_days(
    context: BoardContext, readings: dict[str, Reading], today: date
) -> None:
    board = context.board
    looks = [
        *[("turnover", ON_KVIS, 0), ("turnover", ON_KVIS, 0), ("turnover", ON_KVIS, 3), ("turnover", IN_REVIEW, 0)],
        *[("stickiness", ON_KVIS, 29), ("net_promoter_score", IN_REVIEW, 2), ("orders", ON_KVIS, 30)],
        ("gone", ON_KVIS, 1),
    ]
    for kvi, page, days in looks:
        note_looks(board, [kvi], page, today - timedelta(days=days))
    lines = (board.workspace.state / "looked-at.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(set(looks))
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d [a-z_]+ (kvis|review)", line) for line in lines)  # no name, time, count
    with (board.workspace.state / "looked-at.txt").open("a", encoding="utf-8") as file:
        file.write(f"{today} average_order\nnonsense\n\n")  # without a page, as an older program noted it
    recent = {kvi for kvi, _, days in looks if days < 30 and kvi in board.kvis} | {"average_order"}
    (sign,) = [each for each in read_evidence(context, readings) if each.name == "kvis_looked_at"]
    assert sign.says == "4 of 24 KVIs: 3 on their page, 2 in a review’s meeting"
    assert sign.share == len(recent) / len(board.kvis)
    (board.workspace.state / "looked-at.txt").unlink()


def test_low_answers_followed_up_are_those_reached_in_two_working_days(signs: dict[str, Sign]) -> None:
    ups = [each for each in EXPORTED["follow_ups"] if each["band"] == "detractor" and not each["archived_at"]]
    first = min(each["answered_on"] for each in ups)
    last = max(day for day in pd.date_range("2026-10-01", LAST_DAY) if day + 2 * BDay() <= pd.Timestamp(LAST_DAY))
    with (SAMPLE_WORKSPACE / "exports" / "responses.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["Answer ID"]: row for row in csv.DictReader(file)}
    given = [(row["How likely are you to recommend us?"], row["Answered at"][:10]) for row in rows.values()
             if row["Customer ID"]]  # fmt: skip
    answers = sum(score in ("0", "1", "2", "3", "4", "5", "6") and first <= day <= f"{last:%Y-%m-%d}"
                  for score, day in given)  # fmt: skip
    reached = sum(
        each["outcome"] in ("talked", "solved")
        and each["answered_on"] <= f"{last:%Y-%m-%d}"
        and pd.Timestamp(each["done_on"]) <= pd.offsets.BDay().rollback(pd.Timestamp(each["answered_on"])) + 2 * BDay()
        for each in ups
    )
    assert 0 < reached < answers
    assert signs["low_answers_followed_up"].says == f"{reached} of {answers} low answers since 12 Oct 2026"
    assert first == "2026-10-12"
    assert signs["low_answers_followed_up"].before == ()  # the first was taken up in the data's last month


def answered_signals(
    readings: dict[str, Reading], made: list[tuple[str | None, pd.Timestamp]], today: str = LAST_DAY
) -> tuple[int, int]:
    """Of the new signals since the first of the decisions, how many a decision about their KVI followed within a
    sprint, and how many had a sprint's time for one, as it was known on a day."""
    made = [(kvi, day) for kvi, day in made if day <= pd.Timestamp(today)]
    first, sprint, answered, whole = min(day for _, day in made), pd.Timedelta(days=14), 0, 0
    for reading in without_mirrors(list(readings.values())):
        frame = reading.judging.frame
        last = ""
        for row in frame[frame["complete"]].itertuples():
            seen = pd.Timestamp(row.ends_on) + pd.Timedelta(days=reading.kvi.complete_after)
            verdict = str(row.verdict)
            is_new = verdict.startswith("signal") and verdict != last
            last = verdict
            if not is_new or seen < first:
                continue
            followed = any(kvi in (reading.kvi.name, reading.kvi.mirrors) and seen <= day <= seen + sprint
                           for kvi, day in made)  # fmt: skip
            if followed or seen + sprint < pd.Timestamp(today):
                whole, answered = whole + 1, answered + followed
    return answered, whole


def test_signals_answered_are_those_a_decision_followed_within_a_sprint(
    signs: dict[str, Sign], readings: dict[str, Reading]
) -> None:
    made = [(each["kvi"], pd.Timestamp(each["created_at"][:10])) for each in EXPORTED["decisions"]]
    answered, whole = answered_signals(readings, made)
    assert 0 < answered < whole
    assert answered / whole >= 0.5  # no third disagreement beside those that are planted
    assert signs["signals_answered"].says == f"{answered} of {whole} unusual moves"
    then = [answered_signals(readings, made, day) for day in MONTHS]
    shares = [part / counted if counted else None for part, counted in then]
    assert signs["signals_answered"].before == (*shares, answered / whole)


def is_unusual(values: np.ndarray, up: bool) -> bool:
    """The last of the values on Wheeler's plain chart of those before it: beyond mean ± 2.66 × the mean moving range,
    or the eighth in a row on one side of the mean before these eight."""
    side, earlier, long_ago = (1 if up else -1), values[:-1], values[:-8]
    beyond = side * (values[-1] - earlier.mean()) > 2.66 * np.abs(np.diff(earlier)).mean()
    return bool(beyond or (len(long_ago) and (side * (values[-8:] - long_ago.mean()) > 0).all()))


def test_each_signal_that_counts_is_one_on_a_plain_chart_of_the_exports(readings: dict[str, Reading]) -> None:
    first = pd.Timestamp(min(each["created_at"][:10] for each in EXPORTED["decisions"]))
    confirmed = 0
    for reading in without_mirrors(list(readings.values())):
        frame = reading.judging.frame
        frame = frame[frame["complete"] & ~frame["verdict"].isin([OVERLAPS, "no basis"])].reset_index(drop=True)
        verdicts = frame["verdict"].where(frame["verdict"].str.startswith("signal"), "")
        begun = frame.index[(verdicts != "") & (verdicts != verdicts.shift()) & (frame["ends_on"] >= first)]
        if not len(begun):
            continue
        table = expected_table(reading.kvi.name, reading.judging.grain, cut()).set_index("period")
        values, level = table["value"].reindex(frame["period"]).to_numpy(), 0
        for place in begun:
            assert is_unusual(values[level : place + 1], verdicts[place] == UP), (reading.kvi.name, place)
            confirmed, level = confirmed + 1, place - 7
    assert confirmed >= 6


PLANTED = json.loads((SAMPLE_WORKSPACE / "expected" / "story.json").read_text(encoding="utf-8"))
LASTING = (
    *((name, "daily_use_lift", UP) for name in ("daily_active_users", "daily_active_minutes", "stickiness")),
    ("net_promoter_score", "price_change", DOWN),
)
"""What was planted in the exports to last, and the way in which it moves a KVI."""


@pytest.mark.parametrize(("kvi", "change", "verdict"), LASTING)
def test_no_change_that_was_planted_is_missed(
    readings: dict[str, Reading], kvi: str, change: str, verdict: str
) -> None:
    """The other way round: eight sprints in a row on the new level are a signal on any chart."""
    planted = pd.Timestamp(PLANTED[change]["on"])
    frame = readings[kvi].judging.frame
    frame = frame[frame["complete"]].reset_index(drop=True)
    begun = frame[(frame["verdict"] == verdict) & (frame["verdict"].shift() != verdict)]
    in_time = begun["ends_on"].between(planted, planted + pd.Timedelta(weeks=2 * 8 + 1))
    assert in_time.any(), begun[["period", "ends_on"]]
    seen = begun.loc[in_time, "ends_on"].min() + pd.Timedelta(days=readings[kvi].kvi.complete_after)
    one = {kvi: replace(readings[kvi], kvi=replace(readings[kvi].kvi, mirrors=None))}
    assert answered_signals(one, [(kvi, seen)], f"{seen:%Y-%m-%d}") == (1, 1)  # and it is one that counts


def test_a_decision_within_a_sprint_of_a_signal_answers_it(
    context: BoardContext, readings: dict[str, Reading], tmp_path: Path
) -> None:
    workspace = context.board.workspace.model_copy(update={"state": tmp_path})
    own = BoardContext(context.board, open_store_of(workspace))
    new = NewDecision(text="Ask who left", owner="Ann", due_on=date(2026, 7, 20), kvi="daily_active_users")
    before = [(each["kvi"], pd.Timestamp(each["created_at"][:10])) for each in EXPORTED["decisions"]]
    answered, whole = answered_signals(readings, before)
    for day in (7, 8):  # the signal was seen first on 23 June
        own.store.decisions.add(new, author=Author("Ann", datetime(2026, 7, day, 9, tzinfo=UTC)))
    made = [*before, (new.kvi, pd.Timestamp("2026-07-07")), (new.kvi, pd.Timestamp("2026-07-08"))]
    assert answered_signals(readings, made) == (answered + 1, whole)
    (sign,) = [each for each in read_evidence(own, readings) if each.name == "signals_answered"]
    assert sign.says == f"{answered + 1} of {whole} unusual moves"


KVIS = {"scored_revenue": "scored_revenue_coverage", "promoter_revenue": "promoter_revenue_share"}


@pytest.mark.parametrize("name", KVIS)
def test_signs_of_kvis_are_those_of_the_exports_in_each_of_thirteen_months(signs: dict[str, Sign], name: str) -> None:
    months = expected_table(KVIS[name], "month", cut()).tail(13)
    assert f"{months['period'].iloc[-1]:%b %Y}" == "Oct 2026"
    assert list(signs[name].before) == pytest.approx(list(months["value"]))
    assert signs[name].share == pytest.approx(months["value"].iloc[-1])
    assert re.match(rf"{100 * months['value'].iloc[-1]:.1f}\s% in Oct 2026", signs[name].says)


def test_the_response_rate_is_that_of_the_exported_invitations(signs: dict[str, Sign]) -> None:
    asked = asked_for_a_score()
    rows = asked[(asked["survey"] == "relationship") & asked["is_over"]]
    rows = rows[rows["day"] > rows["day"].max() - pd.Timedelta(days=91)]
    assert signs["response_rate"].says == f"{rows['is_answered'].sum():,} of {len(rows):,} invitations"
    assert signs["response_rate"].share == pytest.approx(rows["is_answered"].mean())
    asked = asked[asked["survey"] == "relationship"]
    months = asked.groupby(asked["day"].dt.to_period("M")).agg({"is_answered": "mean", "is_over": "all"})
    whole = months.loc[months["is_over"], "is_answered"].tail(12)
    assert signs["response_rate"].before == pytest.approx([*whole, signs["response_rate"].share])


def test_the_share_of_promoters_says_of_how_much_turnover_it_is(context: BoardContext, signs: dict[str, Sign]) -> None:
    bought, scored = (each[each["day"].between("2026-10-01", "2026-10-31")] for each in (orders(), scored_orders()))
    amount = format_value(bought["cents"].sum() / 100, "currency", context.currency)
    known = scored.loc[scored["score"].notna(), "cents"].sum()
    share = format_value(known / bought["cents"].sum(), "percent")
    said = f"in Oct 2026, of the {share} of {amount} turnover whose customer told us a score"
    assert signs["promoter_revenue"].says.endswith(said)
    promoters = scored.loc[scored["score"] >= 9, "cents"].sum()
    assert promoters / known == pytest.approx(signs["promoter_revenue"].share)
    assert promoters / bought["cents"].sum() < 0.9 * promoters / known  # so it is no share of all turnover


def test_rewards_stood_at_each_month_end_as_they_were_noted_by_then(
    context: BoardContext, signs: dict[str, Sign], tmp_path: Path
) -> None:
    assert signs["rewards_of_customers"].before == (0.15,) * 6  # May to September, and now: 60 of 400
    own = BoardContext(context.board, open_store_of(context.board.workspace.model_copy(update={"state": tmp_path})))
    june, august = (Author("Ann", datetime(2026, month, 10, tzinfo=UTC)) for month in (6, 8))
    (releases,) = [each for each in own.store.rewards.all() if each.metric == "Releases on time"]
    own.store.rewards.edit(replace(releases, is_customers=True), author=june)  # 160 of 400
    (calls,) = [each for each in own.store.rewards.all() if each.metric == "Calls per hour"]
    own.store.rewards.archive(calls, author=august)  # the service desk: 30 of 30
    (sign,) = [each for each in read_evidence(own, {}) if each.name == "rewards_of_customers"]
    assert sign.before == pytest.approx([0.15, 0.4, 0.4, 0.575, 0.575, 0.575])


def test_each_sign_leads_to_what_is_behind_it(signs: dict[str, Sign]) -> None:
    known = {path for pages in SECTIONS.values() for _, _, path in pages if path}
    assert {sign.page.partition("?")[0] for sign in signs.values()} <= known


def test_without_records_every_sign_says_what_is_missing(sample_board: Board, tmp_path: Path) -> None:
    context = context_in(sample_board, tmp_path, root=tmp_path)
    says = {sign.name: (sign.share, sign.says) for sign in read_evidence(context, {})}
    assert says["kvis_looked_at"] == (None, "nothing was noted yet")
    assert says["signals_answered"] == (None, "no decisions yet")
    assert says["low_answers_followed_up"] == (None, "no follow-up yet")  # there are low answers
    assert says["reviews_with_vision"] == (None, "no review yet")
    assert says["objectives_for_customers"] == (None, "no objectives yet")
    assert says["decisions_with_customers"] == (None, "no decisions yet")
    assert says["rewards_of_customers"] == (None, "no rewards noted")


def test_a_share_of_no_turnover_has_no_basis_in_a_month_that_is_complete(
    tiny: Callable[..., Board], tmp_path: Path
) -> None:
    free = "order_id,customer_id,ordered_at,amount\n1,a,2026-01-01,0.00\n2,a,2026-03-02,0.00\n"
    answers = "response_id,customer_id,responded_at,score\n1,a,2026-01-01,10\n2,a,2026-03-02,9\n"
    signs = read_evidence(context_in(tiny(orders=free, responses=answers), tmp_path / "state"), {})
    says = {sign.name: sign.says for sign in signs}
    assert (says["scored_revenue"], says["promoter_revenue"]) == ("no basis in Feb 2026", "no basis in Feb 2026")
