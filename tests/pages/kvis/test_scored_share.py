"""How much of the revenue a KVI by score speaks for stands beside it on its page, worked out from the exports."""

from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.workspace import load_workspace
from tests.pages.okrs.shop import visiting
from tests.pages.small_shop import Shops
from tests.pages.visits import visit


@pytest.mark.parametrize(
    ("answering", "said"),
    [
        (8, "based on {share:.0%} of revenue"),
        (5, "based on {share:.0%} of revenue"),
        (2, "◌ only {share:.0%} of revenue comes from customers who gave a score"),
    ],
)
def test_a_kvi_by_score_says_of_how_much_revenue_it_speaks(
    shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answering: int, said: str
) -> None:
    """Only the first so many customers answer; in March each of them has answered. Those with an odd number are in the
    Netherlands: of two, one in each country."""
    folder = shops(tmp_path / "shop")
    exports = folder / "exports"
    answers = pd.read_csv(exports / "responses.csv")
    kept = answers["customer_id"].isin([f"C{number}" for number in range(answering)])
    answers[kept].to_csv(exports / "responses.csv", index=False)
    orders = pd.read_csv(exports / "orders.csv")
    march = orders[orders["ordered_at"].str.startswith("2026-03")]
    scored = march[march["customer_id"].isin(answers[kept]["customer_id"])]
    share = scored["amount"].sum() / march["amount"].sum()
    countries = march["customer_id"].str[1:].astype(int).mod(2).map({0: "DE", 1: "NL"})
    shares = scored.groupby(countries)["amount"].sum() / march.groupby(countries)["amount"].sum()
    refresh_now(load_workspace(folder))
    visiting(monkeypatch, folder)
    page = visit("kvis", kvi="promoter_revenue_share", grain="month", by="country")
    (headline,) = (each.value for each in page.markdown if "kvi-headline" in each.value)
    assert said.format(share=share).replace("%", " %") in headline.replace("\N{NO-BREAK SPACE}", " ")
    (slices,) = (each.value for each in page.markdown if "kvi-says" in each.value or "rowheader" in each.value)
    told = [f"Only {each:.0%} of revenue comes".replace("%", " %") for each in shares]
    assert [each in slices.replace("\N{NO-BREAK SPACE}", " ") for each in told] == (shares < 0.5).tolist()
    page = visit("kvis", kvi="net_promoter_score", grain="month")
    (headline,) = (each.value for each in page.markdown if "kvi-headline" in each.value)
    count = int(answers[kept]["responded_at"].str.startswith("2026-03").sum())
    assert f"based on {count} (±" in headline.replace("\N{NO-BREAK SPACE}", " ")
