"""One small company, and the many ways in which tools write its exports.

The truth is rows of plain Python values; a `Variant` says how they are written. Nothing here reads exports.
"""

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pandas as pd

Row = dict[str, Any]
HOME = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
WHEN = {"orders": "ordered_at", "responses": "responded_at", "activity": "occurred_at"}
MONEY = ("amount", "minutes")
TITLES = {
    "order_id": "Order ID", "customer_id": "Customer ID", "ordered_at": "Ordered at", "amount": "Amount",
    "product": "Product", "response_id": "Response ID", "responded_at": "Responded at", "score": "Score",
    "occurred_at": "Occurred at", "event": "Event", "minutes": "Minutes",
}  # fmt: skip
DATE_STYLES = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M",
               "%m/%d/%Y %I:%M %p")  # fmt: skip
CLOCKS = (*DATE_STYLES, "Z", "offset", "PST", "GMT", "utc header", "timezone setting", "epoch", "epoch_ms", "excel")
CONTAINERS = ("csv",) * 7 + ("csv.gz", "xlsx", "json", "json object", "jsonl", "parquet", "zip")


@cache
def truth() -> dict[str, list[Row]]:
    """Orders, answers and activity of January to March 2026; times are the company's own clock, in whole minutes."""
    rng = random.Random(7)
    start = datetime(2026, 1, 3, 0, 10)
    late = (timedelta(hours=23, minutes=40), timedelta(minutes=20), timedelta(hours=12))
    orders = [
        {
            "order_id": f"{n:04}",
            "customer_id": f"c{rng.randrange(12):02}",
            "ordered_at": start + timedelta(days=2 * n) + late[n % 3],
            "amount": Decimal(rng.randrange(-5_000, 400_000)) / 100,
            "product": rng.choice(["Kaffee groß", "Tea, green", 'The "best" one']),
        }
        for n in range(40)
    ]
    responses = [
        {
            "response_id": f"r{n}",
            "customer_id": f"c{rng.randrange(12):02}",
            "responded_at": start + timedelta(days=3 * n) + late[(n + 1) % 3],
            "score": rng.choice([0, 3, 6, 7, 8, 9, 9, 10, 10]),
        }
        for n in range(27)
    ]
    activity = [
        {
            "customer_id": f"c{rng.randrange(12):02}",
            "occurred_at": start + timedelta(days=n) + late[n % 3],
            "event": rng.choice(["open", "read"]),
            "minutes": Decimal(rng.randrange(1, 900)) / 10,
        }
        for n in range(80)
    ]
    activity.insert(11, dict(activity[10]))  # the same thing twice in one minute: two events
    return {"orders": orders, "responses": responses, "activity": activity}


@dataclass(frozen=True)
class Variant:
    """One way of writing the truth: the choices of a tool, and of the person who exports with it."""

    number: int
    container: str
    delimiter: str
    encoding: str
    line_end: str
    quotes_all: bool
    decimal: str
    group: str  # between thousands: none, the other of . and ,, or a blank
    currency: str  # beside amounts
    clock: str
    preamble: tuple[str, ...]  # lines above the header
    footer: str
    split: str  # one, two, overlap, stale: an older file holds other amounts
    lines: str  # one, several, or several of which only the first says whose and when
    titles: str  # contract, title
    shuffled: bool
    extra: str  # a column nobody uses: none, named, nameless
    repeats_header: bool
    says_so: bool  # whether kviboard.toml says how values are written

    @classmethod
    def of(cls, number: int) -> "Variant":
        """The variant with this number; the same one each time."""
        rng = random.Random(f"one truth, {number}")
        plain = rng.random() < 0.5  # half of all tools write no lines above and below the table
        decimal = rng.choice([".", ","])
        return cls(
            number=number,
            container=rng.choice(CONTAINERS),
            delimiter=rng.choice([",", ";", "\t", "|"]),
            encoding=rng.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
            line_end=rng.choice(["\n", "\r\n"]),
            quotes_all=rng.random() < 0.3,
            decimal=decimal,
            group=rng.choice(["", "", "." if decimal == "," else ",", " "]),
            currency=rng.choice(["", "", "€ {}", "{} EUR"]),
            clock=rng.choice(CLOCKS),
            preamble=()
            if plain
            else rng.choice([("All orders of the shop",), ("# made by a tool", "# for Q1"), ("", "")]),
            footer="" if plain else rng.choice(["", "Total", "Grand total"]),
            split=rng.choice(["one", "two", "overlap", "stale"]),
            lines=rng.choice(["one", "one", "several", "first only"]),
            titles=rng.choice(["contract", "contract", "title"]),
            shuffled=rng.random() < 0.4,
            extra=rng.choice(["none", "none", "named", "nameless"]),
            repeats_header=not plain and rng.random() < 0.3,
            says_so=rng.random() < 0.3,
        )

    @property
    def is_text(self) -> bool:
        """Whether lines above and below the table, quotes and encodings mean anything."""
        return self.container in ("csv", "csv.gz", "zip")

    def __str__(self) -> str:
        return f"{self.number}-{self.container}-{self.clock}-{self.split}-{self.lines}"


def settings(variants: Mapping[str, Variant]) -> str:
    """kviboard.toml for a company that writes each of these tables as its variant has it."""
    parts = [f'[company]\ncurrency = "EUR"\ntimezone = "{HOME.key}"\n[refresh]\nmax_reject_share = 0.0\n']
    for name, variant in variants.items():
        parts.append(f'[sources.{name}]\nfiles = "exports/{name}*"')
        if variant.clock == "utc header":
            parts.append(f'rename = {{ "{_title(WHEN[name], variant)}" = "{WHEN[name]}" }}')
        if variant.clock == "timezone setting":
            parts.append(f'timezone = "{NEW_YORK.key}"')
        if variant.says_so and variant.is_text:
            parts.append(f'decimal = "{variant.decimal}"')
            if variant.clock in DATE_STYLES[2:] or variant.clock in ("epoch", "epoch_ms", "excel"):
                parts.append(f'date_format = "{variant.clock}"')
    return "\n".join(parts) + "\n"


def write_exports(folder: Path, variants: Mapping[str, Variant]) -> None:
    """Write these tables of the truth into `folder`, each as its variant has it."""
    folder.mkdir(parents=True)
    for table, variant in variants.items():
        for suffix, part in _files(table, truth()[table], variant):
            lines = [line for row in part for line in _lines(table, row, variant)]
            _write(folder, f"{table}{suffix}", table, lines, variant)


def _files(table: str, rows: Sequence[Row], variant: Variant) -> Iterator[tuple[str, Sequence[Row]]]:
    """The rows of each file, with what its name ends in. The tenth follows the ninth."""
    early, late = 3 * len(rows) // 10, 7 * len(rows) // 10
    if variant.split == "one":
        yield "", rows
    elif variant.split == "two":
        yield "-9", rows[:late]
        yield "-10", rows[late:]
    elif variant.split == "overlap" or table == "activity":  # what happened is not corrected later
        yield "-9", rows[:late]
        yield "-10", rows[early:]
    else:
        changed = {"orders": {"amount": Decimal("77.10")}, "responses": {"score": 5}}[table]
        yield "-9", [{**row, **changed} for row in rows[:late:2]] + list(rows[1:late:2])
        yield "-10", [*rows[:late:2], *rows[late:]]


def _lines(table: str, row: Row, variant: Variant) -> list[Row]:
    """An order's lines, whose amounts add up to it."""
    if table != "orders" or variant.lines == "one" or int(row["order_id"]) % 3:
        return [row]
    first = row["amount"] + Decimal("19.95")
    more = [Decimal("-10.00"), Decimal("-9.95")]
    rest: Row = {} if variant.lines == "several" else {"customer_id": None, "ordered_at": None, "product": None}
    return [{**row, "amount": first}, *({**row, **rest, "amount": amount} for amount in more)]


def _write(folder: Path, stem: str, table: str, rows: Sequence[Row], variant: Variant) -> None:
    columns = list(rows[0])
    if variant.shuffled:
        random.Random(f"{table}, {variant.number}").shuffle(columns)
    titles = {column: _title(column, variant) for column in columns}
    if variant.container in ("parquet", "xlsx") or variant.container.startswith("json"):
        _write_typed(folder, stem, [{titles[c]: _typed(c, row[c], variant) for c in columns} for row in rows], variant)
        return
    header, cells = [titles[c] for c in columns], [[_text(c, row[c], variant) for c in columns] for row in rows]
    if variant.extra != "none":
        header = [*header, "Note"] if variant.extra == "named" else ["", *header]
        cells = [[*line, "x"] if variant.extra == "named" else [str(n), *line] for n, line in enumerate(cells)]
    if variant.repeats_header:
        cells.insert(len(cells) // 2, header)
    if variant.footer:
        cells.append([variant.footer, *[""] * (len(header) - 1)])
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=variant.delimiter, lineterminator=variant.line_end,
        quoting=csv.QUOTE_ALL if variant.quotes_all else csv.QUOTE_MINIMAL,
    )  # fmt: skip
    writer.writerows([header, *cells])
    content = "".join(line + variant.line_end for line in variant.preamble) + text.getvalue()
    _pack(folder, stem, content.encode(variant.encoding), variant)


def _pack(folder: Path, stem: str, content: bytes, variant: Variant) -> None:
    if variant.container == "csv.gz":
        (folder / f"{stem}.csv.gz").write_bytes(gzip.compress(content))
    elif variant.container == "zip":
        with zipfile.ZipFile(folder / f"{stem}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{stem}.csv", content)
    else:
        (folder / f"{stem}.csv").write_bytes(content)


def _write_typed(folder: Path, stem: str, rows: Sequence[Mapping[str, Any]], variant: Variant) -> None:
    if variant.container == "parquet":
        pd.DataFrame(rows).to_parquet(folder / f"{stem}.parquet", index=False)
    elif variant.container == "xlsx":
        book = openpyxl.Workbook()
        for row in [list(rows[0]), *(list(row.values()) for row in rows)]:
            book.active.append(row)
        book.save(folder / f"{stem}.xlsx")
    elif variant.container == "jsonl":
        (folder / f"{stem}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    else:
        document = {"total": len(rows), "items": rows} if variant.container == "json object" else rows
        (folder / f"{stem}.json").write_text(json.dumps(document, indent=2), encoding="utf-8")


def _title(column: str, variant: Variant) -> str:
    title = TITLES[column] if variant.titles == "title" else column
    return f"{title} (UTC)" if variant.clock == "utc header" and column in WHEN.values() else title


def _typed(column: str, value: Any, variant: Variant) -> Any:
    """A value as a spreadsheet, JSON or Parquet holds it: numbers are numbers, times texts as in a CSV."""
    if isinstance(value, datetime):
        written = _time(value, variant)
        is_number = variant.clock in ("epoch", "epoch_ms", "excel")
        return float(written) if is_number and variant.clock == "excel" else int(written) if is_number else written
    return float(value) if isinstance(value, Decimal) else value


def _text(column: str, value: Any, variant: Variant) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _time(value, variant)
    if column not in MONEY:
        return str(value)
    digits = f"{value:,.2f}" if column == "amount" else f"{value:,.1f}"
    written = digits.translate({ord(","): variant.group, ord("."): variant.decimal})
    return variant.currency.format(written) if column == "amount" and variant.currency else written


def _time(value: datetime, variant: Variant) -> str:
    """A time of the company's clock as the variant writes it."""
    moment = value.replace(tzinfo=HOME)
    world = moment.astimezone(UTC)
    written = {
        "Z": lambda: f"{world:%Y-%m-%dT%H:%M:%SZ}",
        "offset": lambda: moment.isoformat(),
        "PST": lambda: f"{world - timedelta(hours=8):%Y-%m-%d %H:%M:%S} PST",
        "GMT": lambda: f"{world:%Y-%m-%d %H:%M:%S} GMT",
        "utc header": lambda: f"{world:%Y-%m-%d %H:%M:%S}",
        "timezone setting": lambda: f"{moment.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}",
        "epoch": lambda: str(int(world.timestamp())),
        "epoch_ms": lambda: str(1000 * int(world.timestamp())),
        "excel": lambda: f"{(value - datetime(1899, 12, 30)) / timedelta(days=1):.8f}",
    }
    return written[variant.clock]() if variant.clock in written else value.strftime(variant.clock)
