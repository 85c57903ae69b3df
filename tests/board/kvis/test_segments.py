"""Named segments: the customers that kviboard.toml gives a name, alone and within what else is chosen."""

from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from kviboard.board.board import board_without_data
from kviboard.board.context import open_store_of
from kviboard.board.exports.maintenance import segments_without_customers
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import target_elsewhere, targets_for
from kviboard.board.kvis.segments import segment_of, within_segment
from kviboard.board.kvis.tables import answer
from kviboard.board.kvis.targets import target_lines
from kviboard.board.views.named import read_per_segment
from kviboard.board.views.views import read_view
from kviboard.errors import UsageError, WorkspaceError
from kviboard.workspace import load_workspace
from tests.numbers.sample_exports import exports
from tests.numbers.second_route import counting_answers
from tests.warehouse.company import TEN_ORDERS, company

BOTH = '[segments.north]\nwhere = { country = ["NL", "DK"], plan = "Pro" }\n'


def workspace(folder, toml=BOTH):
    return company(folder, f'dimensions = ["country", "plan"]\n{toml}', orders_csv=TEN_ORDERS)


def test_a_segment_is_its_values_within_those_chosen(tmp_path):
    here = workspace(tmp_path)
    assert dict(within_segment(here, "north", ())) == {"country": ("NL", "DK"), "plan": ("Pro",)}
    assert dict(within_segment(here, "north", (("country", ("DK", "DE")),))) == {"country": ("DK",), "plan": ("Pro",)}
    assert within_segment(here, "", (("plan", ("Basic",)),)) == (("plan", ("Basic",)),)


def test_nobody_is_in_a_segment_and_out_of_it(tmp_path):
    with pytest.raises(UsageError, match="country DE: no customer of north is, they are NL or DK"):
        within_segment(workspace(tmp_path), "north", (("country", ("DE",)),))
    with pytest.raises(UsageError, match='"south" is not a segment; known are north'):
        within_segment(workspace(tmp_path), "south", ())


@pytest.mark.parametrize(
    ("where", "why"), [('{ city = "Delft" }', "city"), ("{}", "where"), ("{ country = [] }", "has no value")]
)
def test_a_segment_names_dimensions_of_the_workspace_and_values(tmp_path, where, why):
    with pytest.raises(WorkspaceError, match=why):
        workspace(tmp_path, f"[segments.odd]\nwhere = {where}\n")


def test_a_target_for_a_segment_is_judged_there_alone(tmp_path):
    about = '[[targets]]\nkvi = "turnover"\nvalue = 20\nsegment = '
    here = workspace(tmp_path, f'{BOTH}{about}"north"\n')
    board = board_without_data(here)
    turnover = board.catalog.kvis["turnover"]
    of_north = within_segment(here, "north", ())
    told = {where: targets_for(board, turnover, View(where=where)) for where in ((), of_north)}
    assert [len(found) for found in told.values()] == [0, 1]
    assert told[of_north][0].about("month") == "country NL or DK and plan Pro per month"
    elsewhere = target_elsewhere(board, turnover, [], date(2026, 1, 31))
    assert elsewhere == "target €20: set for North per month, so not judged here"
    with closing(open_store_of(here)) as store:
        assert [line.about for line in target_lines(board, store, "turnover")] == ["North"]
    with pytest.raises(WorkspaceError, match='"south" is not a segment; known are north'):
        workspace(tmp_path, f'{BOTH}{about}"south"\n')


def test_a_segment_is_known_by_its_customers_in_any_order(tmp_path):
    here = workspace(tmp_path)
    assert segment_of(here, (("plan", ("Pro",)), ("country", ("DK", "NL")))) == "North"
    for others in (
        (),
        (("country", ("NL",)),),
        (("country", ("NL", "DK")),),
        (("plan", ("Pro",)), ("country", ("NL",))),
    ):
        assert segment_of(here, others) == ""


@pytest.fixture
def board(sample_board, sample_workspace):
    """The sample's board with segments of its own."""
    return replace(sample_board, workspace=load_workspace(sample_workspace))


def test_a_value_that_nobody_has_is_named(board, sample_workspace, tmp_path):
    assert segments_without_customers(board) == ()
    toml = (sample_workspace / "kviboard.toml").read_text(encoding="utf-8")
    odd = toml.replace('plan = "Pro" }', 'plan = "Gold" }')
    assert odd != toml
    (tmp_path / "kviboard.toml").write_text(odd, encoding="utf-8")
    board.workspace.segments["large_accounts"] = load_workspace(tmp_path).segments["large_accounts"]
    (said,) = map(str, segments_without_customers(board))
    assert '[segments.large_accounts]: plan has no value "Gold"' in said


def test_a_kvi_of_a_segment_as_pandas_counts_it(board):
    where = within_segment(board.workspace, "large_accounts", ())
    shown = answer(board, board.kvi("net_promoter_score"), View("month", where=where)).set_index("period")
    customers = exports().customers
    members = customers[customers["segment"].isin(["Small business", "Enterprise"]) & (customers["plan"] == "Pro")]
    told = counting_answers()
    told = told[told["customer_id"].isin(members.index) & (told["day"].dt.strftime("%Y-%m") == "2026-09")]
    assert shown.loc["2026-09-01", "n"] == len(told)
    score = 100 * ((told["score"] >= 9).mean() - (told["score"] < 7).mean())
    assert shown.loc["2026-09-01", "value"] == pytest.approx(score)


def test_a_view_answers_per_named_segment_with_shares_of_all(board):
    found = read_per_segment(board, "segments", View())
    where = within_segment(board.workspace, "large_accounts", ())
    (alone,) = read_view(board, "segments", View(where=where)).to_dict("records")
    (row,) = found.to_dict("records")
    whole = read_view(board, "segments", View())["revenue_12m"].sum()
    assert (row["slice"], row["revenue_12m"]) == ("large_accounts", alone["revenue_12m"])
    assert row["share"] == pytest.approx(float(alone["revenue_12m"]) / float(whole))
    within = read_per_segment(board, "score_distribution", View(where=(("segment", ("Small business",)),)))
    small = (("segment", ("Small business",)), ("plan", ("Pro",)))
    alone = read_view(board, "score_distribution", View(where=small))
    assert within["responses"].tolist() == alone["responses"].tolist()
    with pytest.raises(UsageError, match="cannot be filtered"):
        read_per_segment(board, "rejected_rows", View())
    board.workspace.segments.clear()
    with pytest.raises(UsageError, match="No segment is named"):
        read_per_segment(board, "segments", View())
