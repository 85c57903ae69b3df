"""The sample exports read a second way: the csv module and the contract's rules, none of the board's code.

Owns the rows that count. What is computed from them stands in second_route.
"""

import csv
import gzip
import io
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pandas as pd

SAMPLE = Path(__file__).parents[2] / "sample_data"
CONFIG = tomllib.loads((SAMPLE / "kviboard.toml").read_text(encoding="utf-8"))
DELIMITERS = {"orders": ";", "tickets": "\t"}
DIMENSIONS = ("segment", "country", "plan")
LATEST = date(2027, 1, 1)  # dates beyond lie in the future


@dataclass(frozen=True)
class Exports:
    """One frame per contract table with a `day` where it has one; `customers` is indexed by customer_id."""

    customers: pd.DataFrame
    activity: pd.DataFrame
    orders: pd.DataFrame
    answers: pd.DataFrame
    tickets: pd.DataFrame
    sprints: pd.DataFrame


@cache
def exports() -> Exports:
    """The sample's rows that keep the contract: of equal keys the last, nothing from the future, money in cents."""
    activity = _kept("activity", None, "occurred_at", ())
    activity["minutes"] = activity["minutes"].astype(float)
    tickets = _kept("tickets", "ticket_id", "opened_at", ())
    seen = {
        customer
        for frame in (orders(), answers(), invitations(), activity, tickets)
        for customer in frame["customer_id"].unique()
    }
    return Exports(_customers(seen - {""}), activity, orders(), answers(), tickets, _sprints())


@cache
def orders() -> pd.DataFrame:
    """The orders that count, without reading the rest: activity takes ten times as long."""
    found = _kept("orders", "order_id", "ordered_at", ("amount",))
    return found.assign(cents=[round(float(text.replace(",", ".")) * 100) for text in found["amount"]])


@cache
def answers() -> pd.DataFrame:
    """The survey answers that count; customer_id is empty where nobody says whose they are."""
    found = _kept("responses", "response_id", "responded_at", ("score",))
    return found.assign(score=found["score"].astype(int))


@cache
def invitations() -> pd.DataFrame:
    """Who was asked, and when; an empty touchpoint is the relationship survey's."""
    return _kept("invitations", None, "invited_at", ())


@cache
def asked_for_a_score() -> pd.DataFrame:
    """Every invitation, with whether it was answered, each answer belonging to the last of its kind before it, and
    whether its 14 days are over."""
    keys, days = ["customer_id", "survey", "touchpoint"], pd.Timedelta(days=14)
    found = invitations().sort_values("moment").reset_index(drop=True).rename_axis("invitation").reset_index()
    told = answers().sort_values("moment")[[*keys, "moment", "day"]]
    pairs = pd.merge_asof(
        told, found[[*keys, "moment", "day", "invitation"]], on="moment", by=keys, suffixes=("", "_asked")
    ).dropna(subset="invitation")
    within = pairs[pairs["day"] <= pairs["day_asked"] + days]
    return found.assign(
        is_answered=found["invitation"].isin(within["invitation"]),
        is_over=found["day"] + days <= answers()["day"].max(),
    )


def _customers(seen: set[str]) -> pd.DataFrame:
    frame = _rows("customers")
    frame = frame[frame["customer_id"] != ""].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    frame = frame.reindex(frame.index.union(sorted(seen)))
    for name in DIMENSIONS:
        frame[name] = frame[name].replace("", None).fillna("Unknown")
    frame["signed_up"] = pd.to_datetime(frame["signed_up_on"])
    return frame


def _sprints() -> pd.DataFrame:
    frame = _rows("sprints")
    return frame.assign(starts=pd.to_datetime(frame["starts_on"]), ends=pd.to_datetime(frame["ends_on"]))


def _kept(source: str, key: str | None, when: str, numbers: tuple[str, ...]) -> pd.DataFrame:
    frame = _rows(source)
    form = CONFIG["sources"][source].get("date_format")
    moment = pd.to_datetime(frame[when].map({text: _moment(text, form) for text in frame[when].unique()}))
    is_kept = moment.notna()
    if source != "responses":
        is_kept &= frame["customer_id"] != ""
    for name in numbers:
        is_kept &= pd.Series([_is_number(text, 10 if name == "score" else None) for text in frame[name]])
    frame = frame.assign(moment=moment, day=moment.dt.normalize().dt.as_unit("s"))[is_kept]
    return (frame.drop_duplicates(key, keep="last") if key else frame).reset_index(drop=True)


def _moment(text: str, form: str | None) -> datetime | None:
    """None where the text is no time, or one that lies in the future."""
    try:
        moment = datetime.strptime(text, form) if form else datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.date() < LATEST else None


def _is_number(text: str, greatest: float | None) -> bool:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return False
    return greatest is None or 0 <= value <= greatest


def _rows(source: str) -> pd.DataFrame:
    """Every record of a source's files with as many fields as its header, under the contract's names."""
    paths = sorted(SAMPLE.glob(CONFIG["sources"][source]["files"]))
    return pd.concat([_rows_of(source, path) for path in paths], ignore_index=True)


def _rows_of(source: str, path: Path) -> pd.DataFrame:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    records = csv.reader(
        io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=DELIMITERS.get(source, ","), strict=True
    )
    header = next(records)
    rename = CONFIG["sources"][source]["rename"]
    columns = zip(*(record for record in records if len(record) == len(header)), strict=True)
    return pd.DataFrame({rename.get(name, name): column for name, column in zip(header, columns, strict=True)})
