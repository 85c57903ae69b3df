"""A KVI made by questions: every way to count, recomputed with pandas over exports with refunds, guests, midnights."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, partial

import numpy as np
import pandas as pd
import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.changing import answers_in
from kviboard.board.kvis.draft import (
    COUNTS,
    MEASURES,
    OF_ANOTHER,
    PER_DAY,
    Draft,
    counts_of,
    file_text,
    measures_of,
    others_of,
    problems_of,
    tables_of,
    values_of,
    ways_of,
)
from kviboard.board.kvis.own_files import save, save_draft
from kviboard.board.kvis.questions import draft_of
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.trial import try_kvi
from kviboard.domain.kvis.kvi import Kvi
from kviboard.workspace import load_workspace

SAID = {"title": "One of ours", "customer_benefit": "They get it.", "company_value": "They pay."}
NATIONS = {"a": "NL", "b": "NL", "c": "DE"}
CONFIG = """
dimensions = ["country"]
[company]
name = "Tiny"
timezone = "Europe/Amsterdam"
[sources.customers]
files = "exports/customers.csv"
[sources.orders]
files = "exports/orders.csv"
guest_orders = true
[sources.responses]
files = "exports/responses.csv"
[sources.tickets]
files = "exports/tickets.csv"
[sources.activity]
files = "exports/activity.csv"
"""
ORDERS = """order_id,customer_id,ordered_at,amount,product
1,a,2026-01-31T22:59:59Z,10.00,Tea
2,b,2026-01-31T23:00:00Z,20.00,"It's; a 'pot'"
3,c,2026-01-01T12:00:00Z,-5.50,Tea
4,,2026-02-03T12:00:00Z,7.25,Tea
5,b,2026-02-10T12:00:00Z,-20.00,Tea
6,c,2026-02-10T12:00:00Z,0,
7,a,2026-03-10T12:00:00Z,100.00,Tea
8,b,2026-03-31T12:00:00Z,3.33,
"""
RESPONSES = """response_id,customer_id,responded_at,score,touchpoint
1,a,2026-01-01T12:00:00Z,10,App
2,b,2026-01-20T12:00:00Z,3,App
3,c,2026-02-28T23:30:00Z,8,Call
4,,2026-03-12T12:00:00Z,9,
5,b,2026-03-31T12:00:00Z,7,App
"""
TICKETS = """ticket_id,customer_id,opened_at,kind,topic
1,a,2026-01-01,complaint,Late
2,a,2026-01-06,question,Late
3,c,2026-03-06,complaint,
4,b,2026-03-31,question,
"""
ACTIVITY = """customer_id,occurred_at,event,minutes
a,2026-01-01,login,5
a,2026-01-01,export,7
b,2026-01-31T23:30:00Z,login,0
a,2026-02-28,login,1.5
c,2026-03-31,export,9
b,2026-03-31,export,
"""


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    return built(tmp_path_factory.mktemp("own"), tickets=TICKETS, responses=RESPONSES)


def built(folder, **exports: str) -> Board:
    (folder / "exports").mkdir()
    (folder / "kviboard.toml").write_text(CONFIG)
    customers = "customer_id,country,signed_up_on\n" + "".join(f"{c},{n},2026-01-01\n" for c, n in NATIONS.items())
    for name, text in {"customers": customers, "orders": ORDERS, "activity": ACTIVITY, **exports}.items():
        (folder / "exports" / f"{name}.csv").write_text(text)
    refresh_now(load_workspace(folder))
    return open_board(load_workspace(folder))


@pytest.fixture(scope="module")
def rows(board: Board) -> Mapping[str, pd.DataFrame]:
    times = {"orders": "ordered_at", "responses": "responded_at", "tickets": "opened_at", "activity": "occurred_at"}
    found = {}
    for table, time in times.items():
        frame = pd.read_csv(board.workspace.root / "exports" / f"{table}.csv", dtype={"customer_id": str})
        frame["day"] = pd.to_datetime(frame[time].map(local_day))
        frame["country"] = frame["customer_id"].map(NATIONS).fillna("Unknown")
        found[table] = frame
    orders, answers = found["orders"], found["responses"].dropna(subset="customer_id")
    places = zip(orders["customer_id"], orders["day"], strict=True)
    held = [answers[(answers["customer_id"] == c) & (answers["day"] <= day)]["score"] for c, day in places]
    orders["score"] = [scores.iloc[-1] if len(scores) else np.nan for scores in held]
    return found


def local_day(text: str) -> date:
    """The day in Amsterdam of a time in UTC, or of a day."""
    return pd.Timestamp(text).tz_convert("Europe/Amsterdam").date() if "T" in text else date.fromisoformat(text)


def buyers_of_days(orders: pd.DataFrame) -> int:
    """The customers of each day who bought something, added up."""
    return int(orders[orders["amount"] >= 0].groupby("day")["customer_id"].nunique().sum())


def at_end(rows: pd.DataFrame, month: pd.Timestamp) -> int:
    """Customers active in the 28 days up to the last of a month, as far as the data reaches."""
    last = month + pd.offsets.MonthEnd(0)
    return int(rows[(rows["day"] <= last) & (rows["day"] > last - pd.Timedelta(days=28))]["customer_id"].nunique())


MONTHS = [pd.Timestamp(2026, month, 1) for month in (1, 2, 3)]
ROUTES: Mapping[str, tuple[str, Callable[[pd.DataFrame], float]]] = {
    "active_customers": ("activity", lambda rows: rows.groupby("day")["customer_id"].nunique().sum()),
    "active_minutes": ("activity", lambda rows: rows["minutes"].sum()),
    "new_customers": ("", lambda rows: 0),
    "orders": ("orders", lambda rows: (rows["amount"] >= 0).sum()),
    "ordering_customers": ("orders", buyers_of_days),
    "revenue": ("orders", lambda rows: rows["amount"].sum()),
    "scored_revenue": ("orders", lambda rows: rows["amount"][rows["score"].notna()].sum()),
    "eight_plus_revenue": ("orders", lambda rows: rows["amount"][rows["score"] >= 8].sum()),
    "promoter_revenue": ("orders", lambda rows: rows["amount"][rows["score"] >= 9].sum()),
    "responses": ("responses", len),
    "nps_responses": ("responses", len),
    "promoters": ("responses", lambda rows: (rows["score"] >= 9).sum()),
    "detractors": ("responses", lambda rows: (rows["score"] <= 6).sum()),
    "very_satisfied": ("responses", lambda rows: (rows["score"] >= 8).sum()),
    "tickets": ("tickets", len),
    "complaints": ("tickets", lambda rows: (rows["kind"] == "complaint").sum()),
}  # fmt: skip


def measured(rows: Mapping[str, pd.DataFrame], measure: str, month: pd.Timestamp, country: str | None) -> float:
    """A measure of a month, from the exports."""
    if measure == "new_customers":
        return float(sum(country in (None, nation) for nation in NATIONS.values()) if month == MONTHS[0] else 0)
    table, route = ROUTES.get(measure, ("activity", len))
    own = rows[table] if country is None else rows[table][rows[table]["country"] == country]
    if measure == "active_28d":
        return at_end(own, month)
    return float(route(own[own["day"].dt.to_period("M").dt.to_timestamp() == month]))


def tried(board: Board, draft: Draft) -> Kvi:
    trial = try_kvi(board, draft.name, file_text(draft))
    assert trial.problems == (), [str(problem) for problem in trial.problems]
    assert trial.reading is not None
    return trial.reading.kvi


def values(board: Board, kvi: Kvi, by: str | None = None) -> dict[tuple[pd.Timestamp, str | None], float]:
    readings = read_kvi(board, kvi, View("month", by=by))
    return {
        (pd.Timestamp(period), reading.slice if by else None): value
        for reading in readings
        for period, value in zip(reading.columns["period"], reading.columns["value"], strict=True)
    }


def asked(board: Board) -> list[Draft]:
    return [
        Draft(**SAID, measure=measure, way=way, of=of)
        for measure in measures_of(board)
        for way in ways_of(measure)
        for of in (others_of(board, measure, way) if way in OF_ANOTHER else [""])
    ]


def test_every_way_to_count_a_measure_is_right(board: Board, rows: Mapping[str, pd.DataFrame]) -> None:
    drafts, compared = asked(board), 0
    assert {draft.measure for draft in drafts} == {name for name in MEASURES if not MEASURES[name].is_standing}
    known = cache(partial(measured, rows))  # of a few hundred, each is asked for thirty times
    for draft in drafts:
        assert problems_of(draft, board) == {}
        kvi = tried(board, draft)
        for by in (None, "country"):
            for (month, country), value in values(board, kvi, by).items():
                one = known(draft.measure, month, country)
                of = known(draft.of, month, country) if draft.of else 1.0
                days = month.days_in_month if draft.way == "daily" else 1
                wanted = (1000 if draft.way == "per_1000" else 1) * one / days / of if of else np.nan
                is_money = "revenue" in draft.measure and draft.way != "share"
                if (of < 0 and not is_money) or (draft.way == "share" and not 0 <= wanted <= 1):
                    wanted = np.nan  # refunds weigh more than purchases
                assert value == pytest.approx(wanted, nan_ok=True), (draft.measure, draft.way, draft.of, month, country)
                compared += 1
    assert compared > 1_000


def test_every_way_to_count_rows_is_right(board: Board, rows: Mapping[str, pd.DataFrame]) -> None:
    assert tables_of(board) == ["activity", "orders", "responses", "tickets"]
    compared: Counter[str] = Counter()
    for table, column in COLUMNS.items():
        known = values_of(board, table)
        assert set(known) == set(rows[table][column].dropna())
        for chosen in ((), tuple(known), *((each,) for each in known)):
            for count in counts_of(board, table, chosen):
                kvi = tried(board, Draft(**SAID, table=table, values=chosen, count=count))
                for by in (None, "country"):
                    found = {
                        place: value for place, value in values(board, kvi, by).items() if value and value == value
                    }
                    expected = by_hand(rows[table], table, chosen, count, by)
                    assert found == pytest.approx(expected), (table, chosen, count, by)
                    compared[count] += len(found)
    assert {count for count, cells in compared.items() if cells > 20} == {"customers", "rows", "sum", "mean", "share"}


def test_its_answers_can_be_read_from_its_file(board: Board) -> None:
    """Whoever changes a KVI is asked what made it, and sees every answer as it was."""
    one_each = {(draft.measure, draft.way): draft for draft in asked(board)}
    drafts = [replace(draft, better="down", judged="week", group="company") for draft in one_each.values()]
    for table in COLUMNS:
        known = tuple(values_of(board, table))
        for chosen in ((), known[:1], known):
            counts = counts_of(board, table, chosen)
            drafts += [Draft(**SAID, table=table, values=chosen, count=count) for count in counts]
    assert "It's; a 'pot'" in {value for draft in drafts for value in draft.values}
    for draft in drafts:
        assert draft_of(answers_in(board, file_text(draft))) == draft


COLUMNS = {"activity": "event", "orders": "product", "responses": "touchpoint", "tickets": "topic"}
TOLD = {"activity": "minutes", "orders": "amount", "responses": "score", "tickets": "ticket_id"}


def by_hand(
    rows: pd.DataFrame, table: str, chosen: tuple[str, ...], count: str, by: str | None
) -> dict[tuple[pd.Timestamp, str | None], float]:
    """Rows of a table counted in a way, per month and slice, from its export; what is nothing is left out."""
    rows = rows.assign(month=rows["day"].dt.to_period("M").dt.to_timestamp(), of=rows["country"] if by else "all")
    own = rows[rows[COLUMNS[table]].isin(chosen)] if chosen else rows
    groups, whole = (
        (each[each["amount"] >= 0] if table == "orders" else each).groupby(["month", "of"]) for each in (own, rows)
    )
    total = own.groupby(["month", "of"])[TOLD[table]].sum()
    found = {
        "customers": groups["customer_id"].nunique(),
        "rows": groups.size(),
        "sum": total,
        "mean": total / groups[TOLD[table]].count(),
        "share": groups.size() / whole.size(),
    }[count]
    named = found.dropna().reset_index(name="number").to_dict("records")
    return {(row["month"], row["of"] if by else None): row["number"] for row in named if row["number"]}


def test_rows_are_told_apart_as_the_board_s_own_kvis_tell_them(board: Board) -> None:
    """Two ways to one fact: turnover and average order of all rows are those of the KVIs that come with the board."""
    for count, own in (("sum", "turnover"), ("mean", "average_order")):
        kvi = tried(board, Draft(**SAID, table="orders", count=count))
        for by in (None, "country"):
            theirs = {
                (pd.Timestamp(period), reading.slice if by else None): value
                for reading in read_kvi(board, board.kvis[own], View("month", by=by))
                for period, value in zip(reading.history["period"], reading.history["value"], strict=True)
            }
            assert values(board, kvi, by) == pytest.approx(theirs, nan_ok=True)


def test_a_share_is_of_some_rows_and_scores_do_not_add_up(board: Board) -> None:
    assert "share" not in counts_of(board, "orders")
    assert list(counts_of(board, "responses", ["App"])) == ["customers", "rows", "mean", "share"]
    assert list(counts_of(board, "tickets", ["Late"])) == ["customers", "rows", "share"]
    assert (
        "A share is of some of the rows: choose them."
        in problems_of(Draft(**SAID, table="orders", count="share"), board).values()
    )


def test_of_a_product_that_was_only_paid_back_there_is_turnover_alone(tmp_path) -> None:
    paid_back = ORDERS + "9,a,2026-02-10T12:00:00Z,-3.00,Credit\n10,b,2026-03-10T12:00:00Z,-4.50,Credit\n"
    board = built(tmp_path, tickets=TICKETS, responses=RESPONSES, orders=paid_back)
    assert "Credit" in values_of(board, "orders")  # its refunds are part of a turnover
    assert list(counts_of(board, "orders", ["Credit"])) == ["sum"]
    assert list(counts_of(board, "orders", ["Credit", "Tea"])) == list(COUNTS)
    for count in COUNTS:
        draft = Draft(**SAID, table="orders", values=("Credit",), count=count)
        said = "Under Credit are refunds alone, which are no orders: take their turnover."
        assert problems_of(draft, board) == ({} if count == "sum" else {"count": said})
    kvi = tried(board, Draft(**SAID, table="orders", values=("Credit",), count="sum"))
    assert values(board, kvi) == {(MONTHS[0], None): 0, (MONTHS[1], None): -3, (MONTHS[2], None): -4.5}


def test_a_mean_score_has_its_interval(board: Board) -> None:
    trial = try_kvi(board, "own", file_text(Draft(**SAID, table="responses", count="mean")))
    march = read_kvi(board, trial.reading.kvi, View("month"))[0].history.set_index("period").loc["2026-03-01"]
    reach = 1.96 * np.std([8, 9, 7], ddof=1) / 3**0.5  # of the answers of 1 (Amsterdam's), 12 and 31 March
    assert (march["n"], march["value"]) == (3, 8)
    assert (march["low"], march["high"]) == pytest.approx((8 - reach, 8 + reach))


def test_what_an_export_lacks_is_not_offered(tmp_path) -> None:
    answers = "responded_at,score\n2026-01-01,9\n2026-03-31,3\n"
    board = built(
        tmp_path, tickets="ticket_id,customer_id,opened_at\n1,a,2026-01-05\n2,b,2026-03-31\n", responses=answers
    )
    offered = measures_of(board)
    assert {"tickets", "responses", "revenue"} <= offered.keys()
    assert not {"complaints", "scored_revenue", "eight_plus_revenue", "promoter_revenue"} & offered.keys()
    assert list(counts_of(board, "responses")) == ["rows", "mean"]
    for draft in (Draft(**SAID, measure="complaints", way="sum"), Draft(**SAID, table="responses", count="customers")):
        (problem,) = try_kvi(board, draft.name, file_text(draft)).problems
        assert "needs" in str(problem)


def test_customers_of_a_day_are_only_averaged_and_a_part_is_only_shared_of_its_whole(board: Board) -> None:
    for measure in PER_DAY:
        assert list(ways_of(measure)) == ["daily"]
        assert not any(measure in others_of(board, other, way) for other in MEASURES for way in OF_ANOTHER)
    assert set(others_of(board, "complaints", "share")) == {"tickets"}
    assert "share" not in ways_of("revenue")
    assert problems_of(Draft(**SAID, measure="orders", way="each"), board).keys() == {"of"}
    assert problems_of(Draft(**SAID, measure="complaints", way="share", of="orders"), board).keys() == {"of"}


def test_a_share_of_answers_has_its_interval(board: Board) -> None:
    trial = try_kvi(board, "own", file_text(Draft(**SAID, measure="very_satisfied", way="share", of="responses")))
    history = read_kvi(board, trial.reading.kvi, View("month"))[0].history.set_index("period")
    january = history.loc["2026-01-01"]
    assert (january["n"], january["value"]) == (2, 0.5)
    assert 0 < january["low"] < 0.5 < january["high"] < 1


def test_no_answer_ends_the_front_matter(board: Board) -> None:
    plain = Draft(**SAID, measure="orders", way="sum")
    for field in ("title", "customer_benefit", "company_value", "owner", "decision"):
        evil = (
            "Mine ---*/ with daily as (select date '2026-01-05' as day, 1 as slice_id, 'NL' as country, 9 as orders) /*"
        )
        draft = Draft(**{**SAID, "title": "One of ours", field: evil}, measure="orders", way="sum")
        assert values(board, tried(board, draft)) == values(board, tried(board, plain))


def test_what_is_there_already_is_not_written_over(tmp_path) -> None:
    board = built(tmp_path, tickets=TICKETS, responses=RESPONSES)
    draft = Draft(**SAID, measure="orders", way="sum")
    save_draft(board.workspace, draft.name, "half done")
    assert "draft of this name" in problems_of(draft, board)["title"]
    save(board.workspace, draft.name, "select half done")  # broken, so that the board knows no such KVI
    board = open_board(load_workspace(tmp_path))
    assert draft.name not in board.catalog.kvis
    assert "one_of_ours.sql already" in problems_of(draft, board)["title"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Pausierende Abos täglich ☕", "pausierende_abos_taglich"),
        ("Clients fidèles à 90 %", "clients_fideles_a_90"),
        ("8+ turnover", "kvi_8_turnover"),
        ("Größe", "grosse"),
        ("365", "kvi_365"),
        ("☕", ""),
    ],
)
def test_the_file_is_named_by_the_title_in_plain_letters(title: str, name: str) -> None:
    assert Draft(title=title).name == name


def test_titles_in_other_scripts_have_a_file_each() -> None:
    names = {Draft(title=title).name for title in ("عملاء نشطون 1", "مؤشر الرضا 1", "顧客満足", "Клиенты")}
    assert len(names) == 4
    assert all(re.fullmatch(r"kvi_\d+", name) for name in names)
    assert Draft(title=" Клиенты ").name == Draft(title="клиенты").name
