"""A Net Promoter Score of answers on another scale than 0–10 says wherever it stands that it is one of its own."""

import re
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.workspace import load_workspace
from tests.pages.drawn import words
from tests.pages.okrs.shop import visiting
from tests.pages.small_shop import Shops
from tests.pages.visits import visit


def answers_of(folder: Path, highest: int) -> int:
    """Give every answer a score from 1 to `highest`; how many there are."""
    file = folder / "exports" / "responses.csv"
    answers = pd.read_csv(file)
    answers.assign(score=answers.index % highest + 1).to_csv(file, index=False)
    return len(answers)


@pytest.mark.parametrize("highest", [5, 10])
def test_it_compares_with_no_other_companys(
    shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, highest: int
) -> None:
    folder = shops(tmp_path / "shop")
    count = answers_of(folder, highest)
    config = folder / "kviboard.toml"
    scale = f'[sources.responses]\nscale = "{"1-5" if highest == 5 else "0-10"}"'
    config.write_text(config.read_text(encoding="utf-8").replace("[sources.responses]", scale), encoding="utf-8")
    refresh_now(load_workspace(folder))
    visiting(monkeypatch, folder)
    said = f"All {count} answers are on a scale of 1–5, and none on 0–10: the Net Promoter Score is made of these"
    for page, kvi, stands in (
        ("promoters", "", True),
        ("kvis", "net_promoter_score", True),
        ("kvis", "customer_satisfaction", False),
    ):
        shown = words(visit(page, **({"kvi": kvi} if kvi else {}))).replace("&#58;", ":")
        assert (said in shown) == (stands and highest == 5), (page, kvi)
        way = re.search(r'<a [^>]*href="exports[^>]*>\d+ readings? to confirm</a>', shown)  # beside the title
        assert bool(way) == (highest == 5), (page, kvi)
