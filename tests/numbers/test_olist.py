"""A real shop's exports must give the reference numbers: money to the cent, rates to 6 digits, NPS to 4.

The files are not part of the project (CC BY-NC-SA 4.0). Put them and their known_numbers.json into
tests/workspaces/olist/data, into a folder shared/data/olist beside the checkout, or name their folder in OLIST_DATA;
without them these tests say so and are skipped.
"""

import json
import os
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import answer
from kviboard.board.views.views import read_view
from kviboard.domain.promoters.loyalty import is_shown
from kviboard.workspace import load_workspace
from tests.numbers.clusters import design_effect
from tests.once import once, shared_folder

ROOT = Path(__file__).parents[2]
WORKSPACE = ROOT / "tests" / "workspaces" / "olist"
PLACES = (os.environ.get("OLIST_DATA"), WORKSPACE / "data", ROOT.parent / "shared" / "data" / "olist")
DATA = next((Path(place) for place in PLACES if place and (Path(place) / "known_numbers.json").is_file()), None)

pytestmark = pytest.mark.skipif(DATA is None, reason="the Olist files are not here; see the first lines of this file")
KNOWN = json.loads((DATA / "known_numbers.json").read_text()) if DATA else {}
BY_MONTH = {"revenue_by_month": (), "nps_by_month": (), "dau_average_by_month": (), "active_28d_on": ()} | KNOWN


@pytest.fixture(scope="module")
def board(tmp_path_factory) -> Board:
    os.environ["OLIST_DATA"] = str(DATA)
    return open_board(load_workspace(once(shared_folder(tmp_path_factory) / "olist", build)))


def build(folder: Path) -> None:
    shutil.copytree(WORKSPACE, folder, ignore=shutil.ignore_patterns("data", ".kviboard"))
    refresh_now(load_workspace(folder))


def kvi(board: Board, name: str, **view):
    return answer(board, board.kvi(name), View(**view)).set_index("period")


def month(board: Board, name: str, day: str):
    return kvi(board, name, grain="month").loc[day]


def totals(board: Board) -> dict[str, float]:
    """Revenue in all and by the score held. KVIs of orders and answers end with the answers, so what was ordered after
    the last one is added: 166.46."""
    late = board.reader.frame(
        "select amount::double as amount, score from scored_orders where day > (select max(day) from responses)"
    )
    assert late["amount"].sum() == pytest.approx(166.46)
    coverage = kvi(board, "scored_revenue_coverage")
    shares = {
        name: kvi(board, name)["numerator"].sum() for name in ("eight_plus_turnover_share", "promoter_revenue_share")
    }
    return {
        "revenue": coverage["denominator"].sum() + late["amount"].sum(),
        "scored_revenue": coverage["numerator"].sum() + late.loc[late["score"].notna(), "amount"].sum(),
        "eight_plus_turnover": shares["eight_plus_turnover_share"] + late.loc[late["score"] >= 8, "amount"].sum(),
        "promoter_revenue": shares["promoter_revenue_share"] + late.loc[late["score"] >= 9, "amount"].sum(),
    }


def test_totals_are_right_to_the_cent(board):
    known, found = KNOWN["total"], totals(board)
    assert found == pytest.approx({name: known[name] for name in found}, abs=0.005)
    assert kvi(board, "turnover")["value"].sum() == pytest.approx(known["revenue"], abs=0.005)
    assert kvi(board, "repurchase_rate_90d")["denominator"].sum() == known["orders"]
    share, covered = (found[over] / found[under] for over, under in (
        ("promoter_revenue", "scored_revenue"), ("scored_revenue", "revenue")))  # fmt: skip
    assert share == pytest.approx(known["promoter_revenue_share"], abs=5e-7)
    assert covered == pytest.approx(known["scored_revenue_coverage"], abs=5e-7)


def test_all_answers_together(board):
    known = KNOWN["responses_total"]
    nps, csat = kvi(board, "net_promoter_score"), kvi(board, "customer_satisfaction")
    assert nps["denominator"].sum() == nps["n"].sum() == known["responses"]
    assert nps["numerator"].sum() / nps["denominator"].sum() == pytest.approx(known["nps"], abs=5e-5)
    assert nps["numerator"].sum() == 100 * (known["promoters"] - known["detractors"])
    assert csat["numerator"].sum() / csat["denominator"].sum() == pytest.approx(known["csat"], abs=5e-7)


@pytest.mark.parametrize("day", list(BY_MONTH["revenue_by_month"]))
def test_revenue_by_the_score_held_on_the_order_day(board, day):
    known = KNOWN["revenue_by_month"][day]
    share, coverage = month(board, "promoter_revenue_share", day), month(board, "scored_revenue_coverage", day)
    assert month(board, "repurchase_rate_90d", day)["denominator"] == known["orders"]
    assert coverage["denominator"] == pytest.approx(known["revenue"], abs=0.005)
    assert coverage["numerator"] == pytest.approx(known["scored_revenue"], abs=0.005)
    assert month(board, "eight_plus_turnover", day)["value"] == pytest.approx(known["eight_plus_turnover"], abs=0.005)
    assert share["numerator"] == pytest.approx(known["promoter_revenue"], abs=0.005)
    assert share["value"] == pytest.approx(known["promoter_revenue_share"], abs=5e-7)
    assert coverage["value"] == pytest.approx(known["scored_revenue_coverage"], abs=5e-7)


@pytest.mark.parametrize("day", list(BY_MONTH["nps_by_month"]))
def test_promoter_score_with_its_margin(board, day):
    known, nps = KNOWN["nps_by_month"][day], month(board, "net_promoter_score", day)
    assert nps["n"] == known["responses"]
    assert nps["value"] == pytest.approx(known["nps"], abs=5e-5)
    told = reviews()
    told = told[told["customer_id"].notna() & (days(told["review_creation_date"]).dt.strftime("%Y-%m-01") == day)]
    assert len(told) == known["responses"]
    assert 1 < design_effect(told) < 1.05  # some 3 % of these people answered about two orders; the known margin is of
    margin = known["margin"] * np.sqrt(design_effect(told))  # independent answers
    assert (nps["high"] - nps["low"]) / 2 == pytest.approx(margin, abs=5e-5)
    assert month(board, "customer_satisfaction", day)["value"] == pytest.approx(known["csat"], abs=5e-7)


@pytest.mark.parametrize("day", list(BY_MONTH["dau_average_by_month"]))
def test_daily_active_users_are_averaged_over_all_days_of_the_month(board, day):
    known = KNOWN["dau_average_by_month"][day]
    assert month(board, "daily_active_users", day)["value"] == pytest.approx(known, abs=5e-7)


@pytest.mark.parametrize("day", list(BY_MONTH["active_28d_on"]))
def test_customers_active_in_28_days(board, day):
    found = kvi(board, "monthly_active_users", grain="day").loc[day]
    assert found["value"] == KNOWN["active_28d_on"][day]


def test_the_busiest_day(board):
    days = kvi(board, "daily_active_users", grain="day")["value"]
    assert [days.idxmax(), days.max()] == KNOWN["dau_max"]


def test_people_are_counted_once_however_many_customer_numbers_they_have(board):
    buyers = board.reader.frame("select count(distinct customer_id) as people from orders")
    assert buyers["people"].item() == KNOWN["customers"]


def test_reviews_without_a_date_are_rejected_with_that_reason(board):
    rejected = board.reader.frame(
        "select reason, count(*) as found from rejected_rows where kind = 'rejected' group by all"
    )
    assert rejected.to_numpy().tolist() == [["responded_at is missing", KNOWN["responses_rejected_without_date"]]]


def test_every_row_of_every_file_is_accounted_for(board):
    for row in board.reader.manifest.files:
        assert row.rows_read == row.rows_kept + row.rows_rejected + row.rows_duplicate
    read = {row.file.split("/")[-1]: row.rows_read for row in board.reader.manifest.files if row.file}
    assert read["olist_order_reviews_dataset.csv.gz"] == 99_224  # records, of 104,269 lines


def test_the_month_without_orders_is_there(board):
    november = month(board, "eight_plus_turnover", "2016-11-01")
    assert november["value"] == 0
    assert month(board, "promoter_revenue_share", "2016-11-01")["value"] != 0  # no basis, and no basis is not zero


def test_slices_add_up_to_the_whole(board):
    states = kvi(board, "eight_plus_turnover", grain="month", by="state").groupby("period")["value"].sum()
    whole = kvi(board, "eight_plus_turnover", grain="month")["value"]
    assert (states - whole).abs().max() < 0.005


def test_the_last_weeks_of_the_orders_are_no_fall_of_new_customers(board):
    """No export says when somebody signed up, and orders thin out after 29 August: months are judged, not weeks."""
    weeks = kvi(board, "new_customers", grain="week")["verdict"]
    assert weeks["2018-08-20":].tolist() == ["judged per month", "within normal variation", "incomplete"]


def test_who_scores_high_hardly_buys_again_more_often(board):
    """No story where there is none: the shares as pandas counts them in the files, and differences that hold 0."""
    shown = read_view(board, "loyalty_by_band", View()).set_index(["question", "band"])
    again = shown.loc["bought again within 90 days"]
    expected = bought_again_by_band()
    for band in ("promoter", "passive", "detractor"):
        assert [again.loc[band, "yes"], again.loc[band, "n"]] == expected.loc[band].tolist()
    for band in ("promoter", "detractor"):
        assert not is_shown(*again.loc[band, ["against_low", "against_high"]])
    case = read_view(board, "business_case", View())
    assert not any(is_shown(*row) for row in case[["low", "high"]].to_numpy())


def test_what_was_not_exported_is_not_asked(board):
    """Orders without products say nothing about products new to a customer: no share of 0 %."""
    asked = read_view(board, "loyalty_by_band", View())["question"].unique().tolist()
    assert asked == ["bought again within 90 days"]


def bought_again_by_band() -> pd.DataFrame:
    """Per band: reviews of at least 90 days before the last order, followed by an order within 90 days; and all."""
    orders, customers, reviews = (pd.read_csv(DATA / f"olist_{name}_dataset.csv.gz") for name in
                                  ("orders", "customers", "order_reviews"))  # fmt: skip
    bought = orders.merge(customers, on="customer_id")
    person = bought.set_index("order_id")["customer_unique_id"]
    bought = bought[~bought["order_status"].isin(["canceled", "unavailable"])]
    bought = pd.DataFrame({"person": bought["customer_unique_id"], "day": days(bought["order_purchase_timestamp"])})
    told = pd.DataFrame({"person": reviews["order_id"].map(person), "day": days(reviews["review_creation_date"])})
    told["band"] = reviews["review_score"].map({5: "promoter", 4: "passive"}).fillna("detractor")
    told = told.dropna()[lambda rows: rows["day"] + pd.Timedelta(days=90) <= bought["day"].max()].reset_index()
    pairs = told.reset_index(names="answer").merge(bought, on="person")
    followed = pairs.loc[(pairs["day_y"] - pairs["day_x"]).dt.days.between(1, 90), "answer"]
    return told.index.to_series().isin(followed).groupby(told["band"]).agg(["sum", "size"])


def days(moments: pd.Series) -> pd.Series:
    return pd.to_datetime(moments, errors="coerce").dt.normalize()


def reviews() -> pd.DataFrame:
    """The answers as the files have them: who wrote what, the doubled stars and their band."""
    rows = pd.read_csv(DATA / "olist_order_reviews_dataset.csv.gz", dtype=str, keep_default_na=False)
    rows = rows[rows["review_creation_date"] != ""]
    stars = rows["review_score"].astype(int)
    band = stars.map({5: "promoter", 4: "passive"}).fillna("detractor")
    orders, customers = (pd.read_csv(DATA / f"olist_{name}_dataset.csv.gz") for name in ("orders", "customers"))
    person = orders.merge(customers, on="customer_id").set_index("order_id")["customer_unique_id"]
    return rows.assign(
        customer_id=rows["order_id"].map(person),
        score=2 * stars,
        band=band,
        comment=rows["review_comment_message"].str.strip(),
    )


def test_voice_counts_what_customers_wrote(board):
    told = reviews()
    (row,) = read_view(board, "touchpoints", View()).to_dict("records")
    assert (row["touchpoint"], row["responses"]) == ("delivery", len(told))
    assert row["nps"] == pytest.approx(KNOWN["responses_total"]["nps"], abs=5e-5)
    said = told[told["comment"] != ""]
    counts = read_view(board, "comment_counts", View())
    bands = counts[counts["kind"] == "band"].set_index("name")["comments"].to_dict()
    assert bands == said["band"].value_counts().to_dict()


def test_what_sets_promoters_and_detractors_apart_is_whether_the_parcel_came(board):
    found = read_view(board, "themes", View(first=date(2018, 1, 1), last=date(2018, 8, 31))).set_index("theme")["z"]
    assert all(
        found[words] > 1.96 for words in ("prazo", "recomendo", "produto chegou")
    )  # in time, I recommend, it came
    assert all(found[words] < -1.96 for words in ("não recebi", "comprei", "não"))  # not received, I bought, not
    assert not {"de", "do", "que"} & set(found.index)  # stop words


def test_one_touchpoint_has_no_rest_to_be_compared_with(board):
    drivers = read_view(board, "drivers", View())
    assert drivers[drivers["kind"] == "touchpoint"]["lift"].isna().all()
    states = drivers[drivers["kind"] == "dimension"]
    assert states["responses"].sum() == KNOWN["responses_total"]["responses"]
