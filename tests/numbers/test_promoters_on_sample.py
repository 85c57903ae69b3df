"""The views of the Promoters page on the sample, each held against pandas on the exports."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import read_view
from tests.numbers.sample_exports import _kept, _rows, orders
from tests.numbers.second_route import SURVEYS, counting_answers
from tests.numbers.test_voice_on_sample import effect_of

RANGE = View(first=date(2026, 5, 1), last=date(2026, 10, 31))
BANDS = ("promoter", "passive", "detractor")
DAY = pd.Timedelta(days=1)
WINDOW, BEFORE = pd.Timestamp(2025, 11, 1), pd.Timestamp(2024, 11, 1)  # to the end of October: the orders' last day
TIERS = ("top 10 %", "next 40 %", "rest", "no revenue")


def banded(answers: pd.DataFrame) -> pd.Series:
    return pd.Series(np.select([answers["score"] >= 9, answers["score"] >= 7], BANDS[:2], BANDS[2]), answers.index)


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    """Answers in the order they were given, with their band."""
    answers = counting_answers().sort_values(["moment", "response_id"])
    return answers.assign(band=banded(answers))


@pytest.fixture(scope="module")
def purchases() -> pd.DataFrame:
    return orders()[orders()["cents"] >= 0]


def known_customers(told: pd.DataFrame) -> pd.DataFrame:
    """Answers of people who can be seen to buy: without the anonymous ones."""
    return told[told["customer_id"] != ""]


def money(rows: pd.DataFrame) -> pd.Series:
    """Revenue per customer."""
    return rows.groupby("customer_id")["cents"].sum() / 100


@pytest.fixture(scope="module")
def moves(told: pd.DataFrame) -> pd.DataFrame:
    """By customer: the band before the range and the last one in it."""
    began = pd.Timestamp(RANGE.first)
    was = told[told["day"] < began].drop_duplicates("customer_id", keep="last").set_index("customer_id")["band"]
    is_now = told[told["day"] >= began].drop_duplicates("customer_id", keep="last").set_index("customer_id")["band"]
    return pd.DataFrame({"from_band": was, "to_band": is_now}).dropna()


def test_bands_of_each_month(board: Board, told: pd.DataFrame) -> None:
    shown = read_view(board, "bands_by_period", RANGE).set_index("period")
    counts = pd.crosstab(told["day"].dt.to_period("M").dt.to_timestamp(), told["band"])
    for band in BANDS:
        assert shown[f"{band}s"].to_dict() == counts[band].loc[shown.index].to_dict()
    score = 100 * (counts["promoter"] - counts["detractor"]) / counts.sum(axis=1)
    assert shown["nps"].to_numpy() == pytest.approx(score.loc[shown.index].to_numpy())
    assert shown["complete"].all()
    assert len(shown) == 6


def test_who_moved_between_bands_and_what_they_spent(board: Board, moves: pd.DataFrame) -> None:
    last_year = money(orders()[orders()["day"] >= WINDOW])
    spent = moves.join(last_year.rename("spent")).fillna({"spent": 0.0})
    expected = spent.groupby(["from_band", "to_band"])["spent"].agg(["size", "sum"])
    shown = read_view(board, "band_moves", RANGE).set_index(["from_band", "to_band"])
    assert shown["customers"].to_dict() == expected["size"].to_dict()
    assert shown["revenue_12m"].to_dict() == pytest.approx(expected["sum"].to_dict(), abs=0.005)


def test_the_list_behind_a_move_names_these_customers(board: Board, moves: pd.DataFrame) -> None:
    shown = read_view(board, "moved_customers", RANGE, from_band="promoter", to_band="passive")
    fell = moves[(moves["from_band"] == "promoter") & (moves["to_band"] == "passive")]
    assert sorted(shown["customer_id"]) == sorted(fell.index)
    assert shown["revenue_12m"].is_monotonic_decreasing
    assert len(read_view(board, "moved_customers", RANGE)) == len(moves)
    few = read_view(board, "moved_customers", RANGE, from_band="promoter", to_band="passive", most=3)
    assert few["customer_id"].tolist() == shown["customer_id"].head(3).tolist()
    assert set(few["matching"]) == {len(fell)}


def wilson(k: float, n: float) -> list[float]:
    """Wilson's ends: where p and what it could be are 1.96 standard errors of the latter apart."""
    square = 1.96**2
    return sorted(float(end) for end in np.roots([1 + square / n, -(2 * k / n + square / n), (k / n) ** 2]))


def followed(moments: pd.DataFrame, bought: pd.DataFrame, days: int) -> pd.DataFrame:
    """Per band of moments whose days are up: those followed by a purchase, all of them, and how many say as much as one
    would of each customer's."""
    over = moments[moments["day"] + days * DAY <= orders()["day"].max()].reset_index(drop=True)
    over["moment"] = over.index
    pairs = over[["moment", "customer_id", "day"]].merge(bought[["customer_id", "day"]], on="customer_id")
    gap = (pairs["day_y"] - pairs["day_x"]).dt.days
    hit = over["moment"].isin(pairs.loc[gap.between(1, days), "moment"])
    counts = hit.groupby(over["band"]).agg(["sum", "size"])
    effects = {band: effect_of(hit[rows.index].astype(float), rows) for band, rows in over.groupby("band")}
    return counts.assign(effect=pd.Series(effects))


def test_what_customers_of_each_band_did_next(board: Board, told: pd.DataFrame, purchases: pd.DataFrame) -> None:
    shown = read_view(board, "loyalty_by_band", View()).set_index(["question", "band"])
    known = purchases[purchases["product"] != ""].sort_values("day")
    new_to_them = known[known["day"] == known.groupby(["customer_id", "product"])["day"].transform("min")]
    expected = {
        "bought again within 90 days": followed(known_customers(told), purchases, 90),
        "bought a product new to them within 180 days": followed(known_customers(told), new_to_them, 180),
        "bought again within 90 days of a complaint": followed(complaints(told), purchases, 90),
        "came by referral or recommendation": earned(told),
    }
    for question, counts in expected.items():
        for band in BANDS:
            row = shown.loc[(question, band)]
            assert [row["yes"], row["n"]] == counts.loc[band, ["sum", "size"]].tolist(), (question, band)
            assert row["share"] == row["yes"] / row["n"]
            n = row["n"] / (counts.loc[band, "effect"] if "effect" in counts else 1)
            ends = wilson(row["share"] * n, n)
            assert row[["low", "high"]].tolist() == pytest.approx(ends), (question, band)
    assert expected["bought again within 90 days"]["effect"].min() > 1.1


def complaints(told: pd.DataFrame) -> pd.DataFrame:
    """Complaints with the band of the score held that day."""
    tickets = _kept("tickets", "ticket_id", "opened_at", ())
    raised = tickets[tickets["kind"].str.lower() == "complaint"].sort_values("day")
    held = told.drop_duplicates(["customer_id", "day"], keep="last")[["customer_id", "day", "band"]].sort_values("day")
    valid = pd.Timedelta(days=SURVEYS["valid_days"] - 1)
    return pd.merge_asof(raised, held, on="day", by="customer_id", tolerance=valid).dropna(subset="band")


def held_on(told: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """By customer: the band of the latest answer on or before the day, if still valid."""
    recent = told[(told["day"] <= day) & (told["day"] > day - SURVEYS["valid_days"] * DAY)]
    return recent.drop_duplicates("customer_id", keep="last").set_index("customer_id")["band"]


def earned(told: pd.DataFrame) -> pd.DataFrame:
    came = pd.DataFrame(_rows("customers")).drop_duplicates("customer_id", keep="last").set_index("customer_id")
    bands = held_on(told, pd.Timestamp(2026, 10, 31))
    known = came["acquisition"].reindex(bands.index)
    known = known[known.isin(["earned", "bought"])]
    return (known == "earned").groupby(bands).agg(["sum", "size"])


def test_promoters_of_the_sample_really_buy_again_more_often(board: Board) -> None:
    shown = read_view(board, "loyalty_by_band", View()).set_index(["question", "band"])
    again = shown.loc["bought again within 90 days"]
    assert again.loc["promoter", "against_low"] > 0 > again.loc["detractor", "against_high"]
    assert np.isnan(again.loc["passive", "against_passives"])
    forgave = shown.loc["bought again within 90 days of a complaint"]
    assert forgave.loc["promoter", "against_low"] < 0 < forgave.loc["promoter", "against_high"]


@pytest.fixture(scope="module")
def spenders(told: pd.DataFrame) -> pd.DataFrame:
    """Customers who held a score on the day before the window: band, tier by what they spent before, revenue in it."""
    before = money(orders()[orders()["day"].between(BEFORE, WINDOW - DAY)])
    before = before[before > 0].sort_index().sort_values(ascending=False, kind="stable")
    places = pd.Series(range(len(before)), before.index)
    tiers = pd.Series(
        np.select([places * 10 < len(places), places * 2 < len(places)], TIERS[:2], TIERS[2]), before.index
    )
    spent = money(orders()[orders()["day"] >= WINDOW])
    held = held_on(known_customers(told), WINDOW - DAY)
    return pd.DataFrame(
        {"band": held, "tier": tiers.reindex(held.index).fillna(TIERS[3]), "spent": spent.reindex(held.index).fillna(0)}
    )


@pytest.mark.parametrize(
    ("lift", "start", "end"),
    [("passives_to_promoters", "passive", "promoter"), ("detractors_to_passives", "detractor", "passive")],
)
def test_what_one_lifted_customer_is_worth(
    board: Board, spenders: pd.DataFrame, lift: str, start: str, end: str
) -> None:
    (row,) = read_view(board, "business_case", View()).query("lift == @lift").to_dict("records")
    groups = spenders.groupby(["band", "tier"])["spent"]
    compared = [
        tier for tier in TIERS if groups.size().get((start, tier), 0) >= 10 <= groups.size().get((end, tier), 0)
    ]
    sizes = np.array([groups.size()[start, tier] for tier in compared])
    gain = np.average([groups.mean()[end, tier] - groups.mean()[start, tier] for tier in compared], weights=sizes)
    assert row["gain_per_customer"] == pytest.approx(gain)
    assert (row["customers"], row["basis"]) == (sizes.sum(), "prospective")
    assert set(filter(None, row["left_out"].split(", "))) == {
        tier for tier in TIERS if tier not in compared and (start, tier) in groups.size().index
    }
    random, gains = np.random.default_rng(5), np.zeros(2000)
    for tier, size in zip(compared, sizes, strict=True):
        for sign, band in ((1, end), (-1, start)):
            values = groups.get_group((band, tier)).to_numpy()
            gains += (
                sign * size / sizes.sum() * values[random.integers(0, values.size, (2000, values.size))].mean(axis=1)
            )
    low, high = np.quantile(gains, [0.05, 0.95])
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=0.1 * (high - low))


def test_cells_too_large_to_be_resampled_have_the_normal_interval(board: Board, spenders: pd.DataFrame) -> None:
    some_are = int(spenders.groupby(["band", "tier"]).size().median())
    resampled = read_view(board, "business_case", View())
    normal = read_view(board, "business_case", View(), most_resampled=some_are)
    assert (set(resampled["method"]), set(normal["method"])) == ({"bootstrap"}, {"normal"})
    assert normal["gain_per_customer"].tolist() == resampled["gain_per_customer"].tolist()
    width = float((resampled["high"] - resampled["low"]).min())
    for name in ("low", "high"):
        assert normal[name].to_numpy() == pytest.approx(resampled[name].to_numpy(), abs=0.1 * width)


def test_revenue_per_customer_of_each_band_and_tier(board: Board, spenders: pd.DataFrame) -> None:
    shown = read_view(board, "band_revenue", View()).query("basis == 'prospective'").set_index(["band", "value_tier"])
    expected = spenders.groupby(["band", "tier"])["spent"].agg(["size", "mean"])
    assert shown["customers"].to_dict() == expected["size"].to_dict()
    assert shown["revenue_per_customer"].to_dict() == pytest.approx(expected["mean"].to_dict())
