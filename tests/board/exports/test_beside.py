"""What stands beside the columns that are read counts where set-up writes a SELECT, too: states, scales, currencies."""

from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.errors import RefreshError
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import published

STARS = "Response ID,Customer ID,Response date,Score,Scale\n" + "".join(
    f"a{n},c{n},2026-03-{1 + n:02d},{1 + n % 5},1-5\n" for n in range(20)
)
FROM_ZERO = "Response ID,Email,End Date,NPS,Finished\n" + "".join(
    f"b{n},c{n}@example.com,2026-03-{1 + n:02d} 10:00,{n % 11},{'False' if n % 4 == 3 else 'True'}\n" for n in range(22)
)
IN_TWO_CURRENCIES = """Order ID,Customer ID,Order Date,Status,Total,Valuta
1,a,2026-03-14,paid,100.00,EUR
2,b,2026-03-15,cancelled,80.00,EUR
3,c,2026-03-16,paid,100.00,SEK
"""


def built(folder: Path, **texts: str) -> Workspace:
    paths = [folder / f"{name}.csv" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    plan = plan_for(look_at(paths))
    assert (plan.open_questions, plan.lacking) == ((), ())
    build(folder / "board", plan, paths, Company(currency="EUR"))
    return load_workspace(folder / "board")


def test_answers_of_two_exports_keep_their_scales_and_what_says_that_they_were_not_finished(tmp_path: Path) -> None:
    workspace = built(tmp_path, survey_of_shop=STARS, survey_of_app=FROM_ZERO)
    report = refresh_now(workspace)
    assert report.problems == ()
    found = published(workspace, "select scale, count(*), sum(score)::double from responses group by 1 order by 1")
    finished = [n % 11 for n in range(22) if n % 4 != 3]
    assert found == [("0-10", len(finished), sum(finished)), ("1-5", 20, 2 * sum(1 + n % 5 for n in range(20)))]


def test_orders_in_another_currency_are_not_counted_as_if_they_were_in_the_companys(tmp_path: Path) -> None:
    workspace = built(tmp_path, orders=IN_TWO_CURRENCIES)
    with pytest.raises(RefreshError, match="SEK"):
        refresh_now(workspace)
