"""The columns and rules that tables share. Leaves the tables to schema and how values are kept to column_types.

A rule is a CHECK or a unique index with the sentence people read when it refuses a save: rule and words stand together.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, text
from sqlalchemy.schema import SchemaItem

from kviboard.domain.okrs.lifecycle import OUTCOMES
from kviboard.domain.periods import GRAINS
from kviboard.store.column_types import DecimalType, JsonType, TextType, TimeType


def words(name: str, *, optional: bool = False, default: str | None = None, primary_key: bool = False) -> Column[str]:
    """A text column."""
    return Column(name, TextType, nullable=optional, server_default=default, primary_key=primary_key)


def amount(name: str, *, optional: bool = True, default: str | None = None) -> Column[Decimal]:
    """A column of signed decimals."""
    return Column(name, DecimalType, nullable=optional, server_default=default)


def refers_to(name: str, target: str, *, optional: bool = False) -> Column[int]:
    """A column naming a row of another table. Checked at commit where an import asks for it."""
    key = ForeignKey(f"{target}.id", deferrable=True, initially="IMMEDIATE")
    return Column(name, Integer, key, nullable=optional)


def written() -> tuple[Column[Any], ...]:
    """The columns of every row: its number, when it was made and by whom."""
    return (
        Column("id", Integer, primary_key=True),
        Column("created_at", TimeType, nullable=False),
        words("created_by"),
    )


def by_subject() -> Column[str]:
    """The column of rows that their author alone may change: who made it, as the sign-in tells them from all others;
    nothing where nobody signed in."""
    return words("created_by_subject", optional=True)


def edited() -> tuple[Column[Any], ...]:
    """The columns of rows that can be edited: the version an edit must name, the last change, the archiving."""
    return (
        *written(),
        Column("version", Integer, nullable=False, server_default="1"),
        Column("changed_at", TimeType, nullable=False),
        words("changed_by"),
        Column("archived_at", TimeType, nullable=True),
    )


def rule(name: str, condition: str, sentence: str) -> CheckConstraint:
    """A condition every row meets, and what people read when one does not. Names are unique in the whole schema."""
    return CheckConstraint(condition, name=name, info={"sentence": sentence})


def one_per(name: str, columns: list[str], sentence: str, *, among: str | None = None) -> Index:
    """At most one row with these values (among the rows that meet a condition)."""
    where = text(among) if among else None
    expressions = [text(column) if "(" in column else column for column in columns]
    return Index(
        name, *expressions, unique=True, sqlite_where=where, postgresql_where=where, info={"sentence": sentence}
    )


def any_of(column: str, allowed: Sequence[str]) -> str:
    """The condition that a column holds one of a few words."""
    quoted = ", ".join(f"'{word}'" for word in allowed)
    return f"{column} in ({quoted})"


def driven_by_kvi(prefix: str, *, optional: bool = False) -> tuple[SchemaItem, ...]:
    """The columns that name a KVI, its grain, and of which customers: dimension -> chosen values, {} for all."""
    return (
        words("kvi", optional=optional),
        words("grain", optional=True),
        Column("where", JsonType, nullable=False, server_default="{}"),
        rule(f"{prefix}_kvi", "trim(kvi) <> ''", "A KVI needs its name."),
        rule(f"{prefix}_grain", any_of("grain", GRAINS), f"The grain is one of {', '.join(GRAINS)}."),
    )


def grading(prefix: str) -> tuple[SchemaItem, ...]:
    """The columns filled at closing: the grade and why it differs from the suggested one, and what follows from it."""
    return (
        amount("suggested_grade"),
        amount("grade"),
        words("grade_reason", optional=True),
        words("outcome", optional=True),
        words("closing_note", optional=True),
        rule(f"{prefix}_grade", "cast(grade as numeric) between 0 and 1", "A grade lies between 0.0 and 1.0."),
        rule(
            f"{prefix}_grade_reason",
            "grade is null or coalesce(grade = suggested_grade, false) or trim(coalesce(grade_reason, '')) <> ''",
            "A grade other than the suggested one needs a reason.",
        ),
        rule(f"{prefix}_outcome", any_of("outcome", OUTCOMES), "The outcome is keep, modify or abandon."),
    )


def band(prefix: str) -> tuple[SchemaItem, ...]:
    """The bounds to keep within, both included: at least, at most, or both."""
    return (
        amount("lower"),
        amount("upper"),
        rule(
            f"{prefix}_band",
            "cast(lower as numeric) <= cast(upper as numeric)",
            "A band's lower bound cannot lie above its upper bound.",
        ),
    )
