"""Orders with lines of several products: what the pages say by product is what pandas finds in the lines themselves."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.counted import counted_rows
from kviboard.board.kvis.draft import Draft, counts_of, file_text, values_of
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.trial import try_kvi
from kviboard.board.views.unsplit import unsplit_text
from kviboard.board.views.views import read_view
from kviboard.workspace import load_workspace

CONFIG = """
dimensions = ["country"]
[company]
name = "Teas"
timezone = "Europe/Berlin"
[sources.customers]
files = "exports/customers.csv"
[sources.orders]
files = "exports/orders.csv"
[sources.responses]
files = "exports/responses.csv"
"""
PRODUCTS = ("Tea", "Mug", "Pot", "Tray")
UNSPLIT = 50  # orders of which only the first line has an amount
NINETY_DAYS = pd.Timedelta(days=90)


def order_lines() -> pd.DataFrame:
    """Lines of 1,200 orders in four months; some pay back, some name no product, some have no amount of their own."""
    chance = np.random.default_rng(11)
    number = np.repeat(np.arange(1_200), chance.integers(1, 5, 1_200))
    lines = pd.DataFrame({"order_id": number, "customer_id": "c" + pd.Series(number % 90).astype(str)})
    lines["day"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(number % 120, unit="D")
    lines["product"] = chance.choice([*PRODUCTS, ""], len(lines), p=[0.4, 0.3, 0.15, 0.1, 0.05])
    lines["cents"] = chance.choice([-900, 500, 1_250, 2_000, 7_799], len(lines))
    is_first = ~lines["order_id"].duplicated()
    lines.loc[is_first & (lines["order_id"] < UNSPLIT), "cents"] = 10_000
    lines["is_blank"] = ~is_first & (lines["order_id"] < UNSPLIT)
    return lines


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    return order_lines()


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    chance = np.random.default_rng(5)
    told = pd.DataFrame({"customer_id": [f"c{n % 110}" for n in range(400)], "score": chance.integers(0, 11, 400)})
    return told.assign(day=pd.Timestamp("2026-01-01") + pd.to_timedelta(chance.integers(0, 120, 400), unit="D"))


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory, lines: pd.DataFrame, answers: pd.DataFrame) -> Board:
    folder: Path = tmp_path_factory.mktemp("teas")
    (folder / "exports").mkdir()
    (folder / "kviboard.toml").write_text(CONFIG)
    named = "".join(f"c{n},{'NL' if n % 3 else 'DE'},2025-12-01\n" for n in range(110))
    (folder / "exports" / "customers.csv").write_text("customer_id,country,signed_up_on\n" + named)
    amounts = (lines["cents"] / 100).map("{:.2f}".format).where(~lines["is_blank"], "")
    told = lines.assign(amount=amounts, ordered_at=lines["day"].dt.date)
    columns = ["order_id", "customer_id", "ordered_at", "product", "amount"]
    told[columns].to_csv(folder / "exports" / "orders.csv", index=False)
    answers.rename(columns={"day": "responded_at"}).to_csv(folder / "exports" / "responses.csv", index=False)
    refresh_now(load_workspace(folder))
    return open_board(load_workspace(folder))


@pytest.fixture(scope="module")
def truth(lines: pd.DataFrame) -> pd.DataFrame:
    """A row per order and product, as the lines tell it: its `cents` (NaN where they do not tell), those of the `whole`
    order and all its products. An order of one product is its own, whatever else its lines say."""
    counted = lines.assign(cents=lines["cents"].where(~lines["is_blank"]))
    whole = counted.groupby("order_id").agg(
        whole=("cents", "sum"), day=("day", "first"), customer_id=("customer_id", "first")
    )
    named = counted[counted["product"] != ""]
    found = named.groupby(["order_id", "product"]).agg(
        cents=("cents", "sum"), blanks=("is_blank", "sum")
    ).reset_index()  # fmt: skip
    of_order = found.groupby("order_id")
    found["several"], found["blank"] = of_order["product"].transform("size"), of_order["blanks"].transform("sum")
    found = found.join(whole, on="order_id")
    found["cents"] = found["cents"].where(found["several"] > 1, found["whole"])
    found.loc[(found["several"] > 1) & (found["blank"] > 0), "cents"] = np.nan
    return found.assign(is_ordered=(found["whole"] >= 0) & ~(found["cents"] < 0))


def by_hand(truth: pd.DataFrame, lines: pd.DataFrame, chosen: tuple[str, ...], count: str, by: str | None):
    """A count of orders of the `chosen` products, per month and country."""

    def grouped(rows: pd.DataFrame):
        country = np.where(rows["customer_id"].str[1:].astype(int) % 3, "NL", "DE")
        return rows.groupby(
            [rows["day"].dt.to_period("M").dt.to_timestamp(), country if by else np.full(len(rows), "all")]
        )

    own = truth[truth["product"].isin(chosen)]
    sums = own.groupby(["order_id", "day", "customer_id"])["cents"].sum(min_count=1).reset_index()
    ordered = own[own["is_ordered"]].drop_duplicates("order_id")
    counted = lines.assign(cents=lines["cents"].where(~lines["is_blank"]))
    all_orders = counted.groupby(["order_id", "day", "customer_id"])["cents"].sum().reset_index()
    found = {
        "rows": lambda: grouped(ordered).size(),
        "customers": lambda: grouped(ordered)["customer_id"].nunique(),
        "sum": lambda: grouped(sums)["cents"].sum() / 100,
        "mean": lambda: grouped(sums)["cents"].sum() / 100 / grouped(sums[sums["cents"] >= 0]).size(),
        "share": lambda: grouped(ordered).size() / grouped(all_orders[all_orders["cents"] >= 0]).size(),
    }[count]()
    return {(month, country if by else None): value for (month, country), value in found.items()}


@pytest.mark.parametrize("by", [None, "country"])
@pytest.mark.parametrize("chosen", [("Tea",), ("Tray",), ("Tea", "Mug"), PRODUCTS], ids="+".join)
def test_every_way_to_count_orders_of_some_products(
    board: Board, lines: pd.DataFrame, truth: pd.DataFrame, chosen: tuple[str, ...], by: str | None
) -> None:
    assert set(values_of(board, "orders")) == set(PRODUCTS)
    for count in counts_of(board, "orders", chosen):
        said = {"title": "One of ours", "customer_benefit": "They get it.", "company_value": "They pay."}
        draft = Draft(**said, table="orders", values=chosen, count=count)
        trial = try_kvi(board, draft.name, file_text(draft))
        assert trial.problems == ()
        found = {
            (pd.Timestamp(period), reading.slice if by else None): value
            for reading in read_kvi(board, trial.reading.kvi, View("month", by=by))
            for period, value in zip(reading.columns["period"], reading.columns["value"], strict=True)
        }
        expected = by_hand(truth, lines, chosen, count, by)
        assert len(expected) == (8 if by else 4)
        assert found == pytest.approx(expected), count


@pytest.mark.parametrize("count", ["sum", "rows"])
def test_the_rows_that_a_kvi_of_a_product_counts_are_the_orders_with_it(
    board: Board, truth: pd.DataFrame, count: str
) -> None:
    draft = Draft(title="Tea", customer_benefit="They drink.", company_value="They pay.", table="orders", count=count)
    kvi = try_kvi(board, "tea", file_text(replace(draft, values=("Tea",)))).reading.kvi
    months = read_kvi(board, kvi, View("month"))[0].history.set_index("period")["value"]
    dutch = (("country", ("NL",)),)
    in_march = truth[truth["day"].between("2026-03-01", "2026-03-31") & (truth["product"] == "Tea")]
    expected = (in_march if count == "sum" else in_march[in_march["is_ordered"]]).set_index("order_id")
    march = View("month", date(2026, 3, 1), date(2026, 3, 31))
    rows = counted_rows(board, kvi, march)
    assert sorted(rows["order_id"].astype(int)) == sorted(expected.index)
    assert rows["day"].is_monotonic_increasing
    assert rows["amount" if count == "sum" else "found"].sum() == pytest.approx(months[pd.Timestamp("2026-03-01")])
    if count == "sum":
        cents = rows.set_index(rows["order_id"].astype(int))["amount"] * 100
        pd.testing.assert_series_equal(cents.sort_index(), expected["cents"].sort_index(), check_names=False)
    few = counted_rows(board, kvi, replace(march, where=dutch), most=3)
    is_dutch = expected["customer_id"].str[1:].astype(int) % 3 > 0
    assert len(few) == 3
    assert set(few["matching"]) == {is_dutch.sum()}
    assert set(few["order_id"].astype(int)) <= set(expected.index[is_dutch])


def test_products_and_what_is_no_product_s_add_up_to_turnover(board: Board, lines: pd.DataFrame) -> None:
    (whole,) = board.reader.frame("select sum(amount)::double as whole from orders")["whole"]
    assert whole == pytest.approx(lines["cents"].where(~lines["is_blank"]).sum() / 100)
    assert [
        check.rows_broken for check in board.reader.manifest.checks if check.check_name == "products_split_orders"
    ] == [0]


def test_the_products_bought_most_often_come_first(board: Board, truth: pd.DataFrame) -> None:
    assert values_of(board, "orders") == list(truth["product"].value_counts().index)


def test_what_pulls_the_score_counts_an_answer_under_each_product_bought_last(
    board: Board, truth: pd.DataFrame, answers: pd.DataFrame
) -> None:
    bought = truth[truth["is_ordered"]]
    last = answers.reset_index().merge(bought, on="customer_id", suffixes=("", "_bought"))
    last = last[(last["day_bought"] <= last["day"]) & (last["day"] - last["day_bought"] < NINETY_DAYS)]
    place = last["order_id"].astype(str)  # ids are texts: of two orders of a day the later one by its text
    latest = last.assign(place=place).sort_values(["day_bought", "place"]).groupby("index")["order_id"].last()
    last = last[last["order_id"] == last["index"].map(latest)]
    all_answers = last.drop_duplicates("index")["score"]

    def nps(scores: pd.Series) -> float:
        return 100 * ((scores >= 9).mean() - (scores <= 6).mean())

    view = View("month", date(2026, 1, 1), date(2026, 4, 30))
    found = read_view(board, "drivers", view).query("kind == 'product'").set_index("name")
    assert set(found.index) == set(PRODUCTS)
    assert found["responses"].sum() > len(all_answers)  # so some count under several
    for product in PRODUCTS:
        own = last[last["product"] == product].set_index("index")["score"]
        rest = last.drop_duplicates("index").set_index("index")["score"].drop(own.index)
        row = found.loc[product]
        assert (row["responses"], row["nps"], row["nps_rest"]) == pytest.approx((len(own), nps(own), nps(rest)))
        assert row["lift"] == pytest.approx(len(own) / len(all_answers) * (nps(rest) - nps(own)))


def test_lists_of_orders_name_all_products(board: Board, truth: pd.DataFrame) -> None:
    named = truth.groupby("order_id")["product"].agg(lambda names: " + ".join(sorted(names)))
    months = View("month", date(2026, 1, 1), date(2026, 4, 30))
    orders = read_view(board, "rows_of_orders", months).set_index("order_id")["product"].dropna()
    assert len(orders) == len(named)
    assert orders.to_dict() == {str(number): name for number, name in named.items()}
    own = read_view(board, "customer_timeline", months, customer="c7").query("kind in ('order', 'refund')")
    assert sorted(own["what"].dropna()) == sorted(named[truth.groupby("order_id")["customer_id"].first() == "c7"])


def test_what_cannot_be_split_is_told_beside_turnover_by_product_alone(board: Board, truth: pd.DataFrame) -> None:
    said = {"title": "One of ours", "customer_benefit": "They get it.", "company_value": "They pay."}
    unsplit = truth[truth["cents"].isna()].drop_duplicates("order_id")
    from_nl = unsplit[unsplit["customer_id"].str[1:].astype(int) % 3 > 0]
    view, dutch = View("month"), View("month", where=(("country", ("NL",)),))
    told = {
        of: f"{len(rows)} orders with several products, €{rows['whole'].sum() / 100_000:.1f}\u00a0k, of which lines"
        for of, rows in ((view, unsplit), (dutch, from_nl))
    }
    assert 0 < len(from_nl) < len(unsplit)
    for count, is_money in (("sum", True), ("mean", True), ("rows", False), ("share", False)):
        draft = Draft(**said, table="orders", values=("Tea",), count=count)
        kvi = try_kvi(board, draft.name, file_text(draft)).reading.kvi
        for of, text in told.items():
            assert unsplit_text(board, kvi, of) == (f"{text} have no amount" if is_money else "")
    assert unsplit_text(board, board.kvis["turnover"], view) == ""
    later = View("month", date(2026, 4, 1), date(2026, 4, 30))
    assert read_view(board, "unsplit_orders", later).empty
