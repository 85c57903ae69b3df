"""Views on a company that fits in a head: which customers, which days, and a sentence for whatever cannot be asked."""

from datetime import date

import pytest

from kviboard.board.board import open_board
from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import days_in_words, lacks, list_views, plain, read_view, view_before
from kviboard.errors import QueryError, UsageError
from tests.board.conftest import build_tiny
from tests.warehouse.company import company

OWN = """/*---
title: Answers per day
row: one row per day with answers
needs: [responses]
parameters:
  least: 1
columns:
  day: day
  responses: number
---*/
select
    chosen_slices.slice,
    answers_by_day.day,
    sum(answers_by_day.responses) as responses,
    1 as not_promised
from answers_by_day
inner join chosen_slices on answers_by_day.slice_id = chosen_slices.slice_id
where answers_by_day.day between cast($first as date) and cast($last as date)
group by chosen_slices.slice, answers_by_day.day
having sum(answers_by_day.responses) >= $least
order by chosen_slices.slice, answers_by_day.day
"""


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return with_view(build_tiny(tmp_path_factory.mktemp("tiny")), "answers_per_day", OWN)


def with_view(board, name, text):
    """The board with a view file of the workspace's own."""
    views = board.workspace.root / "queries" / "views"
    views.mkdir(exist_ok=True)
    (views / f"{name}.sql").write_text(text)
    return open_board(board.workspace)


def days(board, view=None, **given):
    return plain(read_view(board, "answers_per_day", view or View(), **given))["day"].tolist()


def test_the_days_said_are_those_of_the_range_that_the_export_reaches(board):
    def said(first=None, last=None):
        return days_in_words(board, "answers_per_day", View(first=first, last=last))

    assert said() == " of 1 Jan – 12 Mar 2026"
    assert said(date(2025, 3, 13)) == " of 1 Jan – 12 Mar 2026"  # twelve months, of which data covers three
    assert said(date(2026, 1, 20), date(2026, 3, 11)) == " of 20 Jan – 11 Mar 2026"
    assert said(date(2026, 3, 13), date(2026, 4, 1)) == ""


def test_a_view_covers_all_days_unless_a_range_is_chosen(board):
    assert days(board) == ["2026-01-01", "2026-01-20", "2026-03-12"]
    assert days(board, View(first=date(2026, 1, 20), last=date(2026, 3, 11))) == ["2026-01-20"]
    assert days(board, View(first=date(2026, 1, 2), last=date(2026, 1, 2))) == []


def test_filters_and_slices_choose_customers(board):
    assert days(board, View(where=(("country", ("DE",)),))) == ["2026-03-12"]
    assert days(board, View(where=(("country", ("DE", "NL")),))) == days(board)
    sliced = read_view(board, "answers_per_day", View(by="country"))
    assert sliced.columns.tolist() == ["slice", "day", "responses"]
    assert sliced["slice"].tolist() == ["DE", "NL", "NL"]


def test_parameters_of_its_own_have_a_default(board):
    assert days(board, least=2) == []
    with pytest.raises(UsageError, match="no parameter most; known are least"):
        days(board, most=1)


def test_a_filter_is_data_and_never_sql(board):
    with pytest.raises(UsageError, match="no value"):
        days(board, View(where=(("country", ("NL' or true --",)),)))
    with pytest.raises(UsageError, match="not a dimension"):
        days(board, View(by='country" --'))


@pytest.mark.parametrize(
    ("name", "view", "sentence"),
    [
        ("nix", View(), '"nix" is not a view; known are .*score_distribution'),
        ("days_with_rows", View(by="country"), "cannot be filtered or sliced"),
        ("answers_per_day", View(first=date(2026, 2, 1), last=date(2026, 1, 1)), "swap the days"),
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(board, name, view, sentence):
    with pytest.raises(UsageError, match=sentence):
        read_view(board, name, view)


def test_a_view_whose_export_is_missing_says_which(board):
    opened = with_view(board, "wanting", OWN.replace("[responses]", "[responses, tickets]"))
    assert lacks(opened, "wanting") == "needs the tickets export"
    with pytest.raises(UsageError, match="Answers per day needs the tickets export"):
        read_view(opened, "wanting", View())
    assert list_views(opened).set_index("view").loc["wanting", "waits_for"] == "needs the tickets export"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("needs:", "need:", "need is not a key of a view"),
        ("columns:\n", "columns:\n  n: 5\n", "columns"),
        ("  day: day", "  day: date", "columns"),
        ("one row per day", "a day", "row"),
        ("$least", "$most", r"asks for \$most\. Give most a default"),
        ("[responses]", "[answers]", "answers is no export"),
    ],
)
def test_a_view_that_is_written_wrong_is_named_with_its_line(board, old, new, sentence):
    opened = with_view(board, "wrong", OWN.replace(old, new, 1))
    with pytest.raises(UsageError, match=f"queries/views/wrong.sql, line .*{sentence}"):
        read_view(opened, "wrong", View())


@pytest.mark.parametrize(
    ("old", "new", "view", "missing"),
    [
        ("responses: number", "answers: number", View(), "answers"),
        ("columns:", "interval: share(yes, responses)\ncolumns:", View(), "yes"),
        ("    chosen_slices.slice,\n", "", View(by="country"), "slice"),
    ],
)
def test_a_column_that_the_select_does_not_return_is_named(board, old, new, view, missing):
    opened = with_view(board, "lacking", OWN.replace(old, new, 1))
    with pytest.raises(QueryError) as caught:
        read_view(opened, "lacking", view)
    there = "day, responses and not_promised" if missing == "slice" else "slice, day, responses and not_promised"
    said = f"queries/views/lacking.sql: names {missing}, which its SELECT does not return; it returns {there}."
    assert str(caught.value) == said


def test_scores_are_shown_from_0_to_10_with_their_share(board):
    found = read_view(board, "score_distribution", View()).set_index("score")
    assert found.index.tolist() == list(range(11))
    assert found["responses"].to_dict() == {score: int(score in (3, 8, 10)) for score in range(11)}
    assert found.loc[3, "share"] == pytest.approx(1 / 3)
    # Wilson's interval for 1 of 3 as printed by R: prop.test(1, 3, correct = FALSE)
    assert found.loc[3, ["low", "high"]].tolist() == pytest.approx([0.06149, 0.79235], abs=5e-5)


def test_without_sign_up_days_newcomers_are_whole_where_what_they_begin_in_is(tmp_path):
    """Answers reach from 20 January to 15 April, orders from 1 January to 30 April: customers begin with their first
    order, and of the first 28 days of orders nobody knows."""
    orders = "order_id,customer_id,ordered_at,amount\n1,a,2026-01-01,1\n2,b,2026-03-05,1\n3,c,2026-04-30,1\n"
    answers = "response_id,customer_id,responded_at,score\n1,a,2026-01-20,9\n2,a,2026-04-15,9\n"
    workspace = company(tmp_path, orders_csv=orders, responses_csv=answers)
    refresh_if_needed(workspace)
    found = plain(read_view(open_board(workspace), "new_customers_by_source", View("month")))
    assert found[["period", "customers", "complete"]].values.tolist() == [
        ["2026-01-01", 0, False],
        ["2026-02-01", 0, True],
        ["2026-03-01", 1, True],
        ["2026-04-01", 1, True],
    ]


def test_a_range_is_compared_with_as_many_days_before_or_those_there_are(sample_board):
    """Answers reach from 5 May 2025 to 31 October 2026."""
    october = View(first=date(2026, 10, 1), last=date(2026, 10, 31))
    ranges = {
        october: (date(2026, 8, 31), date(2026, 9, 30)),
        View(first=date(2026, 10, 1)): (date(2026, 8, 31), date(2026, 9, 30)),
        View(first=date(2025, 11, 1)): (date(2025, 5, 5), date(2025, 10, 31)),
        View(first=date(2025, 5, 6), last=date(2025, 5, 20)): (date(2025, 5, 5), date(2025, 5, 5)),
    }
    for view, days in ranges.items():
        before = view_before(sample_board, "score_distribution", view)
        assert (before.first, before.last) == days
    for first in (None, date(2025, 5, 5), date(2024, 1, 1), date(2026, 11, 1)):
        assert view_before(sample_board, "score_distribution", View(first=first)) is None
    said = days_in_words(sample_board, "score_distribution", october)
    assert said.replace("\u00a0", " ") == " of 1–31 Oct 2026"
    assert days_in_words(sample_board, "score_distribution", View(first=date(2026, 11, 1))) == ""
