"""The views of the Voice page on the sample, each held against pandas or scipy on the exports."""

import re
from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.views.views import read_view
from kviboard.catalog.expression import parse_formula
from kviboard.domain.kvis.kvi import Interval, Kvi
from tests.numbers.clusters import covariance, design_effect, effect_of, margin_of_change, variance
from tests.numbers.sample_exports import SAMPLE, answers, exports, orders
from tests.numbers.second_route import counting_answers

RANGE = View(first=date(2026, 2, 1), last=date(2026, 10, 31))
HALF = View(first=date(2026, 5, 1), last=date(2026, 10, 31))  # 184 days; as many before are covered
FIRST, LAST = pd.Timestamp(2026, 2, 1), pd.Timestamp(2026, 10, 31)


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    """Every answer, of any survey."""
    found = answers().assign(comment=answers()["comment"].str.strip())
    band = np.select([found["score"] >= 9, found["score"] >= 7], ["promoter", "passive"], "detractor")
    return found.assign(band=band)


def between(rows: pd.DataFrame, first: pd.Timestamp = FIRST, last: pd.Timestamp = LAST) -> pd.DataFrame:
    return rows[rows["day"].between(first, last)]


def nps(scores: pd.Series) -> float:
    return 100 * (np.mean(scores >= 9) - np.mean(scores < 7))


def test_touchpoints_and_their_change(board: Board, told: pd.DataFrame) -> None:
    shown = read_view(board, "touchpoints", HALF).set_index("touchpoint")
    first = pd.Timestamp(HALF.first)
    by_touchpoint = told[told["touchpoint"] != ""].groupby("touchpoint")
    assert set(shown.index) == set(by_touchpoint.groups)
    for name, rows in by_touchpoint:
        now = between(rows, first)
        before = between(rows, first - pd.Timedelta(days=184), first - pd.Timedelta(days=1))
        row = shown.loc[name]
        assert (row["responses"], row["responses_before"]) == (len(now), len(before))
        assert row["nps"] == pytest.approx(nps(now["score"]))
        margin = margin_of_change(now, before)
        expected = nps(now["score"]) - nps(before["score"])
        assert row[["change", "change_low", "change_high"]].tolist() == pytest.approx(
            [expected, expected - margin, expected + margin]
        )
        assert row["verdict"] == (
            "better" if expected > margin else "worse" if expected < -margin else "no change shown"
        )


def test_the_score_and_its_change(board: Board) -> None:
    (shown,) = read_view(board, "score_change", HALF, days_before=100).to_dict("records")
    first = pd.Timestamp(HALF.first)
    told = counting_answers()
    now, before = between(told, first), between(told, first - pd.Timedelta(days=100), first - pd.Timedelta(days=1))
    assert (shown["responses"], shown["responses_before"]) == (len(now), len(before))
    margin, change = margin_of_change(now, before), nps(now["score"]) - nps(before["score"])
    assert covariance(now, before) > 0.1 * (variance(now["score"]) + variance(before["score"]))
    ends = [shown[name] for name in ("change", "change_low", "change_high")]
    assert ends == pytest.approx([change, change - margin, change + margin])


def test_a_touchpoint_over_time(board: Board, told: pd.DataFrame) -> None:
    shown = read_view(board, "touchpoint_trend", RANGE, touchpoint="Delivery").set_index("period")
    rows = between(told[told["touchpoint"] == "Delivery"])
    expected = rows.groupby(rows["day"].dt.to_period("M").dt.to_timestamp())["score"].agg([len, nps])
    assert shown["responses"].to_dict() == expected["len"].to_dict()
    assert shown["nps"].to_dict() == pytest.approx(expected["nps"].to_dict())


def lifts(groups: dict[str, pd.Series], everybody: pd.Series, effect: float = 1.0) -> dict[str, tuple[float, float]]:
    """name -> lift and half its interval; `groups` are masks over `everybody`."""
    found = {}
    for name, mask in groups.items():
        these, rest, share = everybody[mask], everybody[~mask], mask.mean()
        margin = share * 1.96 * np.sqrt(effect * (variance(these) + variance(rest)))
        found[name] = (share * (nps(rest) - nps(these)), margin)
    return found


def shown_lifts(board: Board, kind: str, view: View = RANGE) -> dict[str, tuple[float, float]]:
    rows = read_view(board, "drivers", view).query("kind == @kind").dropna(subset=["lift"])
    return {row.name: (row.lift, (row.high - row.low) / 2) for row in rows.itertuples(index=False)}


def same(found: dict[str, tuple[float, float]], expected: dict[str, tuple[float, float]]) -> None:
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name] == pytest.approx(values), name


def test_touchpoints_pull_the_score_of_all_touchpoints(board: Board, told: pd.DataFrame) -> None:
    rows = between(told[told["touchpoint"] != ""])
    masks = {name: rows["touchpoint"] == name for name in rows["touchpoint"].unique()}
    expected = {
        name: (gain, mask.mean() * margin_of_change(rows[~mask], rows[mask]))
        for (name, (gain, _)), mask in zip(lifts(masks, rows["score"]).items(), masks.values(), strict=True)
    }
    same(shown_lifts(board, "touchpoint"), expected)
    assert max(design_effect(rows[~mask]) for mask in masks.values()) > 1.05


def test_customers_of_a_slice_pull_the_score(board: Board) -> None:
    rows = between(counting_answers())
    customers = exports().customers
    masks = {}
    for dimension in ("segment", "country", "plan"):
        values = customers[dimension].reindex(rows["customer_id"]).fillna("Unknown").to_numpy()
        masks |= {f"{dimension}: {value}": pd.Series(values == value, rows.index) for value in set(values)}
    effect = design_effect(rows)
    assert 1.5 < effect < 2  # of a year with some two answers of a customer
    same(shown_lifts(board, "dimension"), lifts(masks, rows["score"], effect))
    shares = read_view(board, "drivers", RANGE).query("kind == 'dimension'").set_index("name")["share"]
    assert shares.to_dict() == pytest.approx({name: mask.mean() for name, mask in masks.items()})


def test_the_product_bought_last_before_the_answer(board: Board) -> None:
    bought = orders().query("cents >= 0").sort_values(["day", "order_id"])[["customer_id", "day", "product"]]
    told = between(counting_answers()).sort_values("day")
    days = pd.Timedelta(days=89)
    rows = pd.merge_asof(told, bought, on="day", by="customer_id", tolerance=days).dropna(subset=["product"])
    masks = {name: rows["product"] == name for name in rows["product"].unique()}
    same(shown_lifts(board, "product"), lifts(masks, rows["score"], design_effect(between(counting_answers()))))


def test_what_customers_complained_about_before_the_answer(board: Board) -> None:
    told = between(counting_answers()).reset_index(drop=True)
    complaints = exports().tickets.query("kind == 'complaint'")[["customer_id", "day", "topic"]]
    pairs = told.reset_index().merge(complaints, on="customer_id", suffixes=("", "_then"))
    pairs = pairs[(pairs["day"] - pairs["day_then"]).dt.days.between(0, 89)]
    masks = {topic: pd.Series(told.index.isin(rows["index"]), told.index) for topic, rows in pairs.groupby("topic")}
    same(shown_lifts(board, "topic"), lifts(masks, told["score"], design_effect(told)))


def test_comments_are_searched_and_filtered(board: Board, told: pd.DataFrame) -> None:
    said = between(told[told["comment"] != ""])
    whole = said["comment"].str.lower()
    cases = {
        (): pd.Series(True, said.index),
        ("search", "slot whole"): whole.str.contains("slot") & whole.str.contains("whole"),
        ("search", '"time slot"'): whole.str.contains(r"\btime slot\b"),
        ("search", "zebra crossing"): pd.Series(False, said.index),
        ("band", "detractor"): said["score"] < 7,
        ("touchpoint", "none"): said["touchpoint"] == "",
        ("touchpoint", "Delivery"): said["touchpoint"] == "Delivery",
        ("theme", "cheap_hours"): whole.str.contains(r"\bcheap hours\b"),
    }
    for given, mask in cases.items():
        shown = read_view(board, "comments", RANGE, most=10_000, **(dict([given]) if given else {}))
        assert set(shown["response_id"]) == set(said.loc[mask, "response_id"]), given
        assert set(shown["matching"]) <= {int(mask.sum())}
        assert shown["comment"].tolist() == (
            said[mask].sort_values(["moment", "response_id"], ascending=False)["comment"].tolist()
        )


def test_each_filter_says_how_many_it_would_find(board: Board, told: pd.DataFrame) -> None:
    said = between(told[told["comment"] != ""])
    shown = read_view(board, "comment_counts", RANGE, band="detractor", touchpoint="Delivery")
    counts = {kind: dict(zip(rows["name"], rows["comments"], strict=True)) for kind, rows in shown.groupby("kind")}
    assert counts["band"] == said[said["touchpoint"] == "Delivery"]["band"].value_counts().to_dict()
    places = said[said["score"] < 7]["touchpoint"].replace("", "none")
    assert counts["touchpoint"] == places.value_counts().to_dict()


def theme_pattern(name: str) -> str:
    """The word list as one regular expression."""
    text = (SAMPLE / "queries" / "themes" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    words = [re.escape(line.rstrip("*")) + ("" if line.endswith("*") else r"\b") for line in lines if line]
    return rf"\b(?:{'|'.join(words)})"


@pytest.mark.parametrize("name", ["price", "cheap_hours", "appointments"])
def test_themes_per_month(board: Board, told: pd.DataFrame, name: str) -> None:
    said = between(told[told["comment"] != ""])
    about = said["comment"].str.lower().str.contains(theme_pattern(name))
    months = said["day"].dt.to_period("M").dt.to_timestamp()
    shown = read_view(board, "named_themes", RANGE).query("theme == @name").set_index("period")
    assert shown["about"].to_dict() == about.groupby(months).sum().to_dict()
    assert shown["comments"].to_dict() == months.value_counts().sort_index().to_dict()


@pytest.mark.parametrize("name", ["price", "cheap_hours", "appointments"])
def test_what_is_usual_for_a_theme_is_what_it_is_for_a_kvi(board: Board, name: str) -> None:
    """A theme made a KVI as docs/views.md says; the range only cuts what is shown."""
    formula, share = parse_formula("sum(about) / sum(comments)"), Interval("share", ("about", "comments"))
    sql = f"select * from themes_by_day where theme = '{name}'"
    kvi = Kvi(name, name, "", "", formula, "percent", "up", ("responses",), sql, "", interval=share, limits=(0.0, 1.0))
    for view in (View("sprint", HALF.first, HALF.last), RANGE, View("week", HALF.first, HALF.last)):
        expected = read_kvi(board, kvi, View(view.grain))[0].frame.set_index("period")
        shown = read_view(board, "named_themes", view).query("theme == @name").set_index("period")
        assert len(shown) > 6
        for column in ("centre", "lower", "upper"):
            assert shown[column].tolist() == pytest.approx(expected.loc[shown.index, column].tolist(), nan_ok=True)
        if view.grain == "sprint":
            assert shown["verdict"].tolist() == expected.loc[shown.index, "verdict"].tolist()
        else:  # a KVI's latest one repeats what the sprint says
            assert set(shown.loc[shown["complete"], "verdict"]) == {"judged per sprint"}


def test_words_that_set_promoters_and_detractors_apart(board: Board, told: pd.DataFrame) -> None:
    """Log-odds with a Dirichlet prior, written out for single words from the raw comments."""
    said = between(told[told["comment"] != ""])
    words = {band: Counter() for band in ("promoter", "passive", "detractor")}
    shown = read_view(board, "themes", RANGE).set_index("theme")
    for band, comment in zip(said["band"], said["comment"], strict=True):
        words[band].update(set(re.findall(r"[\w']+", comment.lower())))
    for word in ("not", "please", "thank", "fitter"):
        row = shown.loc[word]
        assert [row["promoters"], row["passives"], row["detractors"]] == [words[band][word] for band in words]
        assert row["share"] == pytest.approx(sum(words[band][word] for band in words) / len(said))
    assert shown.loc["thank", "z"] > 1.96
    assert shown.loc["please", "z"] < -1.96
    assert (shown["z"].abs() >= 1.96).all()
    assert not {"the", "and", "i", "cheap"} & set(shown.index)  # "cheap" is always "cheap hours"


def test_the_planted_themes_are_found_not_guessed(board: Board) -> None:
    """Cheap hours delight since their release; the visit's fitter and the new price disappoint."""
    shown = read_view(board, "themes", RANGE).set_index("theme")["z"]
    assert shown["cheap hours"] > 1.96
    assert shown["fitter"] < -1.96
    small = read_view(board, "themes", View(RANGE.grain, RANGE.first, None, None, (("segment", ("Small business",)),)))
    assert small.set_index("theme").loc["price", "z"] < -1.96


def test_complaints_per_1000_active_customers(board: Board) -> None:
    shown = read_view(board, "complaint_topics", HALF).set_index("topic")
    tickets, first = exports().tickets.query("kind == 'complaint'"), pd.Timestamp(HALF.first)
    visits = exports().activity.drop_duplicates(["customer_id", "day"])
    spans = {"now": (first, LAST), "before": (first - pd.Timedelta(days=184), first - pd.Timedelta(days=1))}
    thousands, counts = {}, {}
    for name, (start, end) in spans.items():
        window = pd.Timedelta(days=27)
        days = [
            visits[visits["day"].between(day - window, day)]["customer_id"].nunique()
            for day in pd.date_range(start, end)
        ]
        thousands[name] = sum(days) / 28 / 1_000
        counts[name] = between(tickets, start, end)["topic"].value_counts()
    assert shown["complaints"].to_dict() == counts["now"].to_dict()
    for topic, row in shown.iterrows():
        now, before = counts["now"][topic], counts["before"][topic]
        assert row["per_1000"] == pytest.approx(now / thousands["now"])
        low, high = row["low"] * thousands["now"], row["high"] * thousands["now"]
        assert stats.poisson.sf(now - 1, low) == pytest.approx(0.025)
        assert stats.poisson.cdf(now, high) == pytest.approx(0.025)
        part = stats.binomtest(int(now), int(now + before)).proportion_ci(0.95, method="exact")
        factor = thousands["before"] / thousands["now"]
        assert row["ratio"] == pytest.approx(now / before * factor)
        assert row["ratio_low"] == pytest.approx(part.low / (1 - part.low) * factor)
        assert row["ratio_high"] == pytest.approx(part.high / (1 - part.high) * factor)
    assert shown.loc["Price", "verdict"] == "more"  # since the new price of May 2026


def test_days_from_opening_to_closing(board: Board) -> None:
    shown = read_view(board, "complaint_topics", HALF).set_index("topic")
    tickets = between(exports().tickets.query("kind == 'complaint'"), pd.Timestamp(HALF.first))
    closed = pd.to_datetime(tickets["closed_at"].replace("", None))
    days = ((closed - tickets["moment"]).dt.total_seconds() / 86_400).fillna(np.inf)
    assert shown["median_days"].to_dict() == pytest.approx(days.groupby(tickets["topic"]).median().to_dict())
    assert shown["still_open"].to_dict() == closed.isna().groupby(tickets["topic"]).sum().to_dict()


def test_complaints_of_each_month(board: Board) -> None:
    shown = read_view(board, "complaints_by_period", RANGE, topic="Bill").set_index("period")
    rows = between(exports().tickets.query("kind == 'complaint' and topic == 'Bill'"))
    months = rows["day"].dt.to_period("M").dt.to_timestamp().value_counts().sort_index()
    assert shown["complaints"].to_dict() == months.to_dict()
    everything = read_view(board, "complaints_by_period", RANGE).set_index("period")
    assert (everything["complaints"] > shown["complaints"]).all()
    assert (everything["per_1000"].between(everything["low"], everything["high"])).all()


ASPECTS = ("value_for_money", "ease_of_use", "support")


def rated(first: pd.Timestamp = FIRST) -> pd.DataFrame:
    rows = between(counting_answers(), first)
    return rows.assign(**{name: rows[name].astype(float) for name in ASPECTS})


def relative_weights(rows: pd.DataFrame) -> np.ndarray:
    """Johnson's weights through the singular values of the standardised ratings, another way to the same variables."""
    x = rows[list(ASPECTS)].to_numpy()
    y = rows["score"].to_numpy(dtype=float)
    x, y = (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()
    left, singular, right = np.linalg.svd(x / np.sqrt(len(x)), full_matrices=False)
    nearest = left @ right  # orthonormal, as near to the ratings as can be
    slopes = nearest.T @ y / np.sqrt(len(y))
    loadings = right.T @ np.diag(singular) @ right
    return (loadings**2) @ (slopes**2)


def test_weights_of_aspects(board: Board) -> None:
    shown, rows = read_view(board, "aspects", RANGE).set_index("aspect"), rated()
    raw = relative_weights(rows)
    x = np.column_stack([np.ones(len(rows)), rows[list(ASPECTS)]])
    _, residual, *_ = np.linalg.lstsq(x, rows["score"].to_numpy(dtype=float), rcond=None)
    explained = 1 - residual[0] / ((rows["score"] - rows["score"].mean()) ** 2).sum()
    for name, weight in zip(ASPECTS, raw, strict=True):
        row = shown.loc[name]
        assert row["responses"] == len(rows)
        assert row["importance"] == pytest.approx(weight / raw.sum())
        assert row["explained"] == pytest.approx(explained)
        assert row["correlation"] == pytest.approx(np.corrcoef(rows[name], rows["score"])[0, 1])
        margin = 1.96 * rows[name].std() / np.sqrt(len(rows) / effect_of(rows[name], rows))
        assert row[["mean", "mean_low", "mean_high"]].tolist() == pytest.approx(
            [rows[name].mean(), rows[name].mean() - margin, rows[name].mean() + margin]
        )
        assert row["low"] < row["importance"] < row["high"]


def test_the_planted_drivers_are_found(board: Board) -> None:
    """Value for money matters most, support hardly; and it is value for money that the new price made worse."""
    shown = read_view(board, "aspects", RANGE)
    assert shown["aspect"].tolist() == list(ASPECTS)
    assert shown["low"].iloc[0] > shown["high"].iloc[1]
    assert shown["high"].iloc[2] < 0.1
    small = (("segment", ("Small business",)),)
    before, since = (
        read_view(board, "aspects", View(first=first, last=last, where=small)).set_index("aspect")
        for first, last in ((None, date(2026, 4, 30)), (date(2026, 5, 1), None))
    )
    fell = since["mean_high"] < before["mean_low"]
    assert fell["value_for_money"]
    assert not since.loc["support", "mean_high"] < before.loc["support", "mean_low"]
