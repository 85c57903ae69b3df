"""Up to which day exports count as whole: customers who signed up until a known day, tickets of known weekdays."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from kviboard.warehouse.manifest import Manifest
from tests.warehouse.company import company, published, refreshed

END = date(2026, 3, 29)  # a Sunday
YEAR = [END - timedelta(days=n) for n in range(364)]
SUNDAYS = [day for day in YEAR if day.weekday() == 6]
SAT, MON = END - timedelta(days=1), END - timedelta(days=6)


def orders(extra: str = "", customers: int = 1) -> str:
    rows = "".join(f"{n},c{n % customers},{day},1.00\n" for n, day in enumerate(YEAR))
    return f"order_id,customer_id,ordered_at,amount\n{rows}{extra}"


def customers(signed_up: Iterable[date]) -> str:
    rows = "".join(f"c{n},{day}\n" for n, day in enumerate(sorted(signed_up)))
    return f"customer_id,signed_up_on\n{rows}"


def tickets(days: Iterable[date]) -> str:
    rows = "".join(f"{n},c0,{day},complaint\n" for n, day in enumerate(sorted(days)))
    return f"ticket_id,customer_id,opened_at,kind\n{rows}"


def days_before(end: date, every: int = 1, weekdays: Collection[int] = range(7)) -> list[date]:
    return [day for day in YEAR[::every] if day <= end and day.weekday() in weekdays]


def said(manifest: Manifest) -> list[str]:
    return [str(each) for each in manifest.decisions if "last sign-up" in each.what]


@pytest.mark.parametrize(
    ("signed_up", "whole"),
    [
        (days_before(END - timedelta(days=3)), END - timedelta(days=3)),  # one a day, then none on 3: (1/15)³
        (days_before(END - timedelta(days=2)), END),  # none on 2: (1/15)², which is chance
        (days_before(END - timedelta(days=21), 8), END),  # one in eight days, then none for three weeks
        (days_before(END - timedelta(days=20))[:90], END),  # 90 days do not tell a pace
        (days_before(END), END),
    ],
)
def test_a_list_ends_with_its_last_sign_up_where_chance_explains_no_silence(
    tmp_path: Path, signed_up: list[date], whole: date
) -> None:
    workspace = company(tmp_path, customers_csv=customers(signed_up), orders_csv=orders())
    manifest = refreshed(workspace)
    assert manifest.whole_through.get("customers", max(signed_up)) == whole
    assert published(workspace, "select customers_until from data_days") == [(whole,)]
    assert bool(said(manifest)) == (whole < END)


def test_an_old_list_is_said_to_be_one(tmp_path: Path) -> None:
    signed_up = customers(days_before(END - timedelta(days=5)))
    (sentence,) = said(refreshed(company(tmp_path, customers_csv=signed_up, orders_csv=orders())))
    assert sentence.startswith(
        "The customers export: its last sign-up is of 24 Mar 2026, the other exports reach 29 Mar 2026: so long "
        "without a sign-up happens less than once in a thousand times. It is taken to end there."
    )


def test_whoever_is_not_in_the_list_shows_that_it_is_old(tmp_path: Path) -> None:
    """A list of a sign-up every eight days that ends early: x ordered yesterday and is not in it. Where others were
    not in it before, such as guests, or hardly anybody was seen before, that says nothing."""
    signed_up = customers(days_before(SAT - timedelta(days=1), 8))
    new, before = f"n1,x,{SAT},1.00\n", f"n2,guest,{END - timedelta(days=20)},1.00\n"
    manifest = refreshed(company(tmp_path, customers_csv=signed_up, orders_csv=orders(new, customers=5)))
    (sentence,) = said(manifest)
    assert '1 customer first seen since is not in it. It is taken to end there. For example, "x".' in sentence
    assert "customers" not in manifest.whole_through
    for name, rows in (("guests", orders(new + before, customers=5)), ("few", orders(new, customers=4))):
        manifest = refreshed(company(tmp_path / name, customers_csv=signed_up, orders_csv=rows))
        assert (manifest.whole_through["customers"], said(manifest)) == (END, [])


@pytest.mark.parametrize(
    ("days", "whole"),
    [
        (days_before(SAT, weekdays=range(6)), END),  # never a ticket on a Sunday
        (days_before(SAT - timedelta(days=1), weekdays=range(5)), END),  # nor on a Saturday
        (days_before(SAT), SAT),  # one every day, and none on the last: an export of yesterday
        (days_before(MON, weekdays=range(5)), MON),  # none since Monday
        ([*days_before(SAT, weekdays=range(6)), *SUNDAYS[3::3]], END),  # some on every third Sunday
        ([*days_before(SAT, weekdays=range(6)), *SUNDAYS[1:9]], SAT),  # on eight Sundays of thirteen
        (days_before(SAT, 3), END - timedelta(days=3)),  # on every third day: of such three 3 in 10
        (days_before(SAT, weekdays=range(6))[:77], SAT),  # 90 days tell nothing
    ],
)
def test_an_export_without_rows_on_the_last_day_is_whole_where_that_is_ordinary_for_it(
    tmp_path: Path, days: list[date], whole: date
) -> None:
    manifest = refreshed(company(tmp_path, orders_csv=orders(), tickets_csv=tickets(days)))
    assert manifest.whole_through.get("tickets", max(days)) == whole
    assert manifest.reach["tickets"].data_through == max(days)  # what there are rows of stays what it is


def test_a_table_that_is_taken_over_is_judged_anew(tmp_path: Path) -> None:
    """Tickets end on Saturday. When orders reach the next Wednesday, the same tickets are an old export."""
    office = days_before(SAT, weekdays=range(6))
    workspace = company(tmp_path, orders_csv=orders(), tickets_csv=tickets(office))
    assert refreshed(workspace).whole_through == {"tickets": END}
    (tmp_path / "exports" / "orders.csv").write_text(orders(f"new,c0,{END + timedelta(days=3)},1.00\n"))
    manifest = refreshed(workspace)
    assert (manifest.whole_through, manifest.reach["tickets"].data_through) == ({}, SAT)


def test_a_last_sign_up_that_another_row_replaced_ends_no_refresh(tmp_path: Path) -> None:
    """Of c1 the later line counts, so that the list names nobody for half a year before the day that it reaches."""
    listed = "customer_id,signed_up_on\nc1,2025-09-01\nc2,2025-02-01\nc1,2025-01-01\n"
    workspace = company(tmp_path, customers_csv=listed, orders_csv=orders())
    refreshed(workspace)
    known = "select signed_up_on::varchar from customers where signed_up_on is not null order by 1"
    assert published(workspace, known) == [
        ("2025-01-01",), ("2025-02-01",),
    ]  # fmt: skip
