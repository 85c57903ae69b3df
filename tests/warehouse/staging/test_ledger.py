"""Rows read = rows kept + rows rejected + duplicates, per file, whatever is in the files."""

import csv
import io
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.warehouse.company import company, ledger, published, refreshed

ids = st.sampled_from(["1", "2", "3", " 3 ", "4", "07", "7", "", "NA"])
customers = st.sampled_from(["c1", "C1", "c2", "", "Zoë", 'a "b"', "x;y,z", "two\nlines", "\u00a0"])
dates = st.sampled_from(["2026-01-05", "2026-01-06 10:00", "20260107", "2026-02-30", "soon", "", "NA", "1066-10-14"])
amounts = st.sampled_from(["1", "2.50", "-3", "1,000", "12,5", "free", "", "null", "€ 4"])
comments = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=6)
order = st.tuples(ids, customers, dates, amounts, comments)
broken = st.lists(st.sampled_from(["a", "1", ""]), min_size=1, max_size=8).filter(
    lambda row: len(row) != 5 and any(row)
)
export = st.tuples(
    st.lists(st.one_of(order, broken.map(tuple)), max_size=14),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
TOML = '[refresh]\nmax_reject_share = 1\n[sources.orders]\nfiles = "exports/orders*.csv"\ndecimal = "."\n'
SOUND = ("9", "c9", "2026-01-09", "9.50", "")  # a decimal point: without one, 1,000 could be either


def text_of(rows: list[tuple[str, ...]], delimiter: str, line_end: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(["order_id", "customer_id", "ordered_at", "amount", "product"])
    writer.writerows(rows)
    return text.getvalue()


def fate(row: tuple[str, ...]) -> tuple[str, ...] | None:
    """What a row becomes by the rules, worked out without the warehouse: its values, or None where it is rejected."""
    if len(row) != 5:
        return None
    order_id, customer, day, amount, product = (value.strip(" \t\r\n\u00a0") for value in row)
    money = {"1": "1.00", "2.50": "2.50", "-3": "-3.00", "1,000": "1000.00", "€ 4": "4.00", "9.50": "9.50"}.get(amount)
    time = {
        "2026-01-05": "2026-01-05 00:00:00",
        "2026-01-06 10:00": "2026-01-06 10:00:00",
        "20260107": "2026-01-07 00:00:00",
        "2026-01-09": "2026-01-09 00:00:00",
    }.get(day)
    if not order_id or not customer or money is None or time is None:
        return None
    return order_id, customer, time, money, product


FAST = (Phase.explicit, Phase.reuse, Phase.generate)  # an example takes a refresh, so none is made smaller


@settings(max_examples=15, deadline=None, phases=FAST, suppress_health_check=[HealthCheck.too_slow])
@given(files=st.lists(export, min_size=1, max_size=2))
def test_every_row_of_every_file_is_kept_rejected_or_folded(
    files: list[tuple[list[tuple[str, ...]], str, str, str]],
) -> None:
    exports = {
        f"orders_{number}__csv": text_of([*rows, SOUND], delimiter, line_end).encode(encoding)
        for number, (rows, delimiter, encoding, line_end) in enumerate(files)
    }
    with tempfile.TemporaryDirectory() as folder:
        workspace = company(Path(folder), TOML, **exports)
        counted = ledger(refreshed(workspace))
        columns = "order_id, customer_id, ordered_at::varchar, amount::varchar, product"
        kept = published(workspace, f"select {columns} from orders")
        set_aside = Counter(published(workspace, "select file, kind from rejected_rows"))

    last: dict[str, tuple[str, tuple[str, ...]]] = {}
    expected: dict[str, list[int]] = {}
    for number, (rows, *_) in enumerate(files):
        name = f"exports/orders_{number}.csv"
        fates = [fate(row) for row in (*rows, SOUND)]
        expected[name] = [len(fates), 0, fates.count(None), 0]
        for values in (values for values in fates if values):
            if values[0] in last:
                expected[last[values[0]][0]][3] += 1
            last[values[0]] = (name, values)
    for name, _ in last.values():
        expected[name][1] += 1
    assert counted == {name: tuple(counts) for name, counts in expected.items()}
    assert Counter(kept) == Counter((*v[:4], v[4] or None) for _, v in last.values())
    assert {name: set_aside[name, "rejected"] for name in expected} == {name: c[2] for name, c in expected.items()}
