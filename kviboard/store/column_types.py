"""The column types of the tables, kept the same on SQLite and PostgreSQL: text, decimals, times, JSON, plans."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Dialect, Numeric, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from kviboard.domain.okrs.model import PlanPoint
from kviboard.errors import StoreError

MAX_DIGITS = 28  # what Decimal computes with unless told otherwise: nothing kept here is ever rounded later
LONGEST_TEXT = 20_000  # characters: ten pages; what is pasted by mistake would slow every page that shows it
SURROGATES = re.compile("[\ud800-\udfff]")
MAX_MAGNITUDE = 20  # below 10^21 and no finer than 10^-20
DIGITS_KEPT = (
    f"At most {MAX_MAGNITUDE + 1} before and {MAX_MAGNITUDE} after the decimal sign, {MAX_DIGITS} in all, can be kept."
)


class TextType(TypeDecorator[str]):
    """Text that both stores can keep: no zero byte, no half of a surrogate pair, not of any length."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        check_text(value, "text")
        return value


class DecimalType(TypeDecorator[Decimal]):
    """A signed decimal, kept exactly: NUMERIC on PostgreSQL, its plainest digits as text on SQLite.

    The text has one form per number ("1.50" and "1.5" are both kept as 1.5), so that equal numbers are equal text.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        digits = plain_digits(value)
        return digits if dialect.name == "sqlite" else Decimal(digits)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class TimeType(TypeDecorator[datetime]):
    """A point in time, in UTC. Only times that know their zone are taken."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise StoreError(f"The time {value.isoformat()} says no time zone: pass one, such as UTC.")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class JsonType(TypeDecorator[dict[str, Any]]):
    """A JSON object, kept as its text byte for byte, so that what was frozen stays as it was written."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else document_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else json.loads(value)


class PlanType(TypeDecorator[tuple[PlanPoint, ...]]):
    """The dated points of a phased plan, by day, each with a share of the way between 0 and 1, as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[PlanPoint] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if any(not 0 <= point.share <= 1 for point in value):
            raise StoreError("A plan expects between 0 % and 100 % of the way.")
        return json.dumps(sorted(value, key=lambda point: point.day), default=plain_value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[PlanPoint, ...] | None:
        if value is None or value == "[]":
            return ()
        return plan_of(json.loads(value))


class IdsType(TypeDecorator[tuple[int, ...]]):
    """The numbers of other rows, in the order they were chosen, as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(list(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:
        return None if value is None else tuple(json.loads(value))


def check_text(value: str | None, name: str) -> None:
    """StoreError where a text cannot be kept; `name` is what people call its field."""
    if value is not None and ("\x00" in value or SURROGATES.search(value)):
        raise StoreError(f"The {name} holds a character that cannot be stored: remove it and save again.")
    if value is not None and len(value) > LONGEST_TEXT:
        raise StoreError(f"The {name} has {len(value):,} characters; {LONGEST_TEXT:,} can be kept: shorten it.")


def plan_of(points: Iterable[tuple[str, str]]) -> tuple[PlanPoint, ...]:
    """A plan from its JSON: [["2026-11-03", "0.5"], …]."""
    return tuple(PlanPoint(date.fromisoformat(day), Decimal(share)) for day, share in points)


def document_text(value: Mapping[str, Any]) -> str:
    """The JSON text of an object; dates, times and decimals become text. StoreError for anything else, NaN included."""
    try:
        return json.dumps(value, default=plain_value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoreError(f"The document cannot be kept as JSON: {error}.") from error


def plain_value(value: Any) -> str | list[str]:
    """A value as JSON holds it: decimals as digits, times in UTC, days as 2026-11-03, plan points as pairs."""
    if isinstance(value, PlanPoint):
        return [value.day.isoformat(), plain_digits(Decimal(value.share))]
    if isinstance(value, Decimal):
        return plain_digits(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def plain_digits(value: Decimal) -> str:
    """The number without exponent and trailing zeros: 1.50 -> "1.5", -0 -> "0". StoreError if it cannot be kept."""
    number = Decimal(value)
    if not number.is_finite():
        raise StoreError(f"{value} is not a number that can be kept.")
    if number == 0:
        return "0"
    digits = format(number, "f")
    plain = digits.rstrip("0").rstrip(".") if "." in digits else digits
    significant = plain.lstrip("-").replace(".", "").strip("0")
    exponent = -len(plain.partition(".")[2])
    if len(significant) > MAX_DIGITS or number.adjusted() > MAX_MAGNITUDE or exponent < -MAX_MAGNITUDE:
        raise StoreError(f"The number {value} has too many digits. {DIGITS_KEPT}")
    return plain
