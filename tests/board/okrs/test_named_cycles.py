"""The days of a cycle that a table names, where the year of the company begins in July."""

from datetime import date

import pytest

from kviboard.board.okrs.tables.cycles import plan_cycle

JULY = 7


@pytest.mark.parametrize("name", ["Q1 FY2026/27", "FY2026/27 Q1", "Q1 FY 2026-27"])
def test_a_year_of_two_has_its_own_days(name: str) -> None:
    cycle = plan_cycle({"cycle": name}, {}, JULY)
    assert (cycle.starts_on, cycle.ends_on) == (date(2026, 7, 1), date(2026, 9, 30))


@pytest.mark.parametrize("name", ["Q3 FY2027", "FY2027 Q3", "FY2027-Q3", "Q3 / GJ 2027"])
def test_a_year_of_one_may_begin_or_end_in_it(name: str) -> None:
    """As most write it, it ends there; as others do, it begins: a quarter of the wrong year looked like any other."""
    with pytest.raises(ValueError, match=r"may begin or end in 2027: write it as “Q3 FY2026/27” or “Q3 FY2027/28”$"):
        plan_cycle({"cycle": name}, {}, JULY)
    cycle = plan_cycle({"cycle": name}, {}, 1)
    assert (cycle.starts_on, cycle.ends_on) == (date(2027, 7, 1), date(2027, 9, 30))


def test_days_in_the_row_say_which_year_it_is() -> None:
    cells = {"cycle": "Q3 FY2027", "starts": "a", "ends": "b"}
    days = {"a": date(2027, 1, 1), "b": date(2027, 3, 31)}
    assert plan_cycle(cells, days, JULY).starts_on == date(2027, 1, 1)
