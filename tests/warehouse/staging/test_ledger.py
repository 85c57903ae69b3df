"""Rows read are exactly those kept, added, replaced, folded and rejected, per file, whatever is in the files."""

import csv
import io
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.warehouse.company import TEN_ORDERS, company
from tests.warehouse.staged import published, refreshed

ids = st.sampled_from(["1", "2", "3", " 3 ", "4", "07", "7", "", "NA"])
customers = st.sampled_from(["c1", "C1", "c2", "", "Zoë", 'a "b"', "x;y,z", "two\nlines", "\u00a0"])
dates = st.sampled_from(["2026-01-05", "2026-01-06 10:00", "20260107", "2026-02-30", "soon", "", "NA", "1066-10-14"])
amounts = st.sampled_from(["1", "2.50", "-3", "1,000", "12,5", "free", "", "null", "€ 4"])
comments = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=6)
order = st.tuples(ids, customers, dates, amounts, comments)
broken = st.lists(st.sampled_from(["a", "1", ""]), min_size=1, max_size=8).filter(
    lambda row: len(row) != 5 and any(row)
)


def fit_the_header(rows: list[tuple[str, ...]]) -> bool:
    """Whether most rows do: else the file is refused, as an amount may be divided by its comma."""
    return 2 * sum(len(row) > 5 and bool(row[-1].strip()) for row in rows) <= len(rows)


export = st.tuples(
    st.lists(st.one_of(order, broken.map(tuple)), max_size=14).filter(fit_the_header),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
TOML = """
[refresh]
max_reject_share = 1
[sources.orders]
files = "exports/orders*.csv"
decimal = "."
order_rows = "lines"
"""
SOUND = ("9", "c9", "2026-01-09", "9.50", "")  # a decimal point: without one, 1,000 could be either

BACK_AND_SOLD = (("2", "c1", "20260107", "-3", ""), ("2", "c1", "20260107", "1", ""))


def text_of(rows: list[tuple[str, ...]], delimiter: str, line_end: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(["order_id", "customer_id", "ordered_at", "amount", "product"])
    writer.writerows(rows)
    return text.getvalue()


Values = tuple[str | None, ...]


def values_of(row: tuple[str, ...]) -> Values | None:
    """What a row says: its values, None where a needed one is empty; None as a whole where the row is rejected.

    Delimiters too many at the end say nothing, and a row without its last column, which need not be, has none there.
    """
    row = row[:5] if not any(row[5:]) else row
    row = (*row, "") if len(row) == 4 else row
    if len(row) != 5:
        return None
    order_id, customer, day, amount, product = (value.strip(" \t\r\n\u00a0") or None for value in row)
    money = {"1": "1.00", "2.50": "2.50", "-3": "-3.00", "1,000": "1000.00", "€ 4": "4.00", "9.50": "9.50"}
    time = {
        "2026-01-05": "2026-01-05 00:00:00",
        "2026-01-06 10:00": "2026-01-06 10:00:00",
        "20260107": "2026-01-07 00:00:00",
        "2026-01-09": "2026-01-09 00:00:00",
    }
    day, amount = None if day == "NA" else day, None if amount == "null" else amount
    if not order_id or (day and day not in time) or (amount and amount not in money):
        return None
    return order_id, customer, time[day] if day else None, money[amount] if amount else None, product


def is_whole(values: Values) -> bool:
    return None not in values[:4]


def pays_back(rows: Sequence[Values]) -> bool:
    """Whether a file has nothing of an order but a refund."""
    return all(float(row[3]) < 0 for row in rows if row[3])


def outcomes_of(files: Sequence[Sequence[Values | None]]) -> tuple[dict[str, Values], list[Counter[str]]]:
    """The orders and what becomes of the rows of one or two files, worked out without the warehouse; all are lines."""
    editions: dict[str, dict[int, list[Values]]] = defaultdict(dict)
    counts = [Counter(rejected=rows.count(None)) for rows in files]
    for number, rows in enumerate(files):
        for values in (values for values in rows if values):
            editions[str(values[0])].setdefault(number, []).append(values)
    orders = {}
    for order_id, found in editions.items():
        whole = [number for number, rows in found.items() if any(map(is_whole, rows))]
        if not whole:
            for number, rows in found.items():
                counts[number]["rejected"] += len(rows)
            continue
        kept = ([number for number in whole if not pays_back(found[number])] or whole)[-1]
        lines = []
        for number, rows in found.items():
            is_refund, further = number in whole and number > kept, Counter(rows)
            if is_refund:
                further -= Counter(found[kept])
            elif number in whole and number != kept:
                is_same = Counter(rows) == Counter(found[kept])
                counts[number]["duplicate" if is_same else "replaced"] += len(rows)
                continue
            counts[number]["duplicate"] += len(rows) - further.total()
            counts[number]["lines"] += further.total() - (number == kept)
            counts[number]["kept"] += number == kept
            lines += [
                ((is_refund, not is_whole(row), -number, row[1] is None, line), row)
                for line, row in enumerate(further.elements())
            ]
        first = next(values for values in found[kept] if is_whole(values))
        amount = sum(Decimal(row[3]) for _, row in lines if row[3])
        named = [row[4] for _, row in sorted(lines, key=lambda place: place[0]) if row[4]]
        orders[order_id] = (*first[:3], str(amount), named[0] if named else None)
    return orders, counts


FAST = (Phase.explicit, Phase.reuse, Phase.generate)  # an example takes a refresh, so none is made smaller


@example(
    files=[
        ([("1", "a", "", "", "1", ""), ("1", "c2", "", "1")], "\t", "utf-8", "\n"),
        ([("1", "a", "2026-01-05", "1", "")], ",", "utf-8", "\n"),
    ]
)
@example(
    files=[
        ([("1", "c1", "2026-01-05", "2.50", "a"), *BACK_AND_SOLD], ",", "utf-8", "\n"),
        ([("1", "c1", "2026-01-06 10:00", "-3", "b"), BACK_AND_SOLD[0]], ",", "utf-8", "\n"),
    ]
)
@settings(max_examples=15, deadline=None, phases=FAST, suppress_health_check=[HealthCheck.too_slow])
@given(files=st.lists(export, min_size=1, max_size=2))
def test_every_row_of_every_file_is_kept_added_replaced_folded_or_rejected(
    files: list[tuple[list[tuple[str, ...]], str, str, str]],
) -> None:
    exports = {
        f"orders_{number}__csv": text_of([*rows, SOUND], delimiter, line_end).encode(encoding)
        for number, (rows, delimiter, encoding, line_end) in enumerate(files)
    }
    with tempfile.TemporaryDirectory() as folder:
        workspace = company(Path(folder), TOML, **exports)
        manifest = refreshed(workspace)
        columns = "order_id, customer_id, ordered_at::varchar, amount::varchar, product"
        kept = published(workspace, f"select {columns} from orders")
        set_aside = Counter(published(workspace, "select file, kind from rejected_rows"))

    orders, counts = outcomes_of([[values_of(row) for row in (*rows, SOUND)] for rows, *_ in files])
    assert Counter(kept) == Counter(orders.values())
    for number, expected in enumerate(counts):
        (row,) = (row for row in manifest.files if row.file == f"exports/orders_{number}.csv")
        assert row.rows_read == row.rows_accounted_for == len(files[number][0]) + 1
        for kind in ("kept", "lines", "replaced", "duplicate"):
            assert getattr(row, f"rows_{kind}") == expected[kind], kind
        assert row.rows_rejected + row.rows_set_aside == expected["rejected"]  # a line with nothing needed is no row
        assert set_aside[row.file, "rejected"] + set_aside[row.file, "set aside"] == expected["rejected"]
        assert set_aside[row.file, "replaced"] == expected["replaced"]


def test_rows_that_were_filled_up_and_cells_that_were_emptied_are_counted_per_file(tmp_path: Path) -> None:
    head = "ticket_id,customer_id,opened_at,closed_at,topic\n"
    january = head + "1,c1,2026-01-05,2026-01-06,a\n2,c1,2026-01-05,soon\n3,c1,2026-01-05\n4,c1,2026-01-05,later,b\n"
    february = head + "5,c1,2026-02-05,2026-02-06,a\n6,c1,2026-02-05\n"
    toml = '[sources.tickets]\nfiles = "exports/tickets*.csv"\n[sources.orders]\nfiles = "exports/orders.csv"\n'
    files = {"tickets_1__csv": january, "tickets_2__csv": february, "orders_csv": TEN_ORDERS}
    workspace = company(tmp_path, toml, **files)
    for _ in range(2):  # read, then from what was kept of it
        rows = {row.file: row for row in refreshed(workspace).files}
        found = {file: (row.rows_padded, row.rows_emptied) for file, row in rows.items()}
        assert found == {
            "exports/tickets_1.csv": (2, 2),
            "exports/tickets_2.csv": (1, 0),
            "exports/orders.csv": (0, 0),
        }
        assert all(row.rows_read == row.rows_accounted_for for row in rows.values())
