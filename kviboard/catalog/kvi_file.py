"""Reads one KVI file: what its front matter may say, and the KVI that it makes."""

from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from kviboard.catalog.expression import parse_formula
from kviboard.catalog.files import MOST_QUERIES, QueryFile
from kviboard.catalog.front_matter import FrontMatter, Headed, known_needs, parse_interval, read_headed
from kviboard.domain.kvis.kvi import Change, Formula, Interval, Kvi
from kviboard.domain.periods import GRAINS
from kviboard.errors import Problem


class KviFront(FrontMatter):
    """The keys of a KVI's front matter, with what is allowed in each."""

    title: Annotated[str, Field(min_length=1)]
    customer_benefit: Annotated[str, Field(min_length=1)]
    company_value: Annotated[str, Field(min_length=1)]
    value: Formula
    unit: Literal["customers", "currency", "percent", "score", "per_1000", "number", "days"]
    better: Literal["up", "down"]
    needs: Annotated[tuple[str, ...], Field(min_length=1)]
    owner: str = ""
    decision: str = ""
    when_high: str = ""
    when_low: str = ""
    source: str = ""
    description: str = ""
    group: Literal["customer", "company"] = "customer"
    interest: Literal["", "customer", "employees", "company", "regulator"] = ""
    interval: Interval | None = None
    complete_after: Annotated[int, Field(ge=0)] | Literal["answer_counts_back_days"] = 0
    grains: tuple[Literal["day", "week", "sprint", "month", "quarter"], ...] = GRAINS  # type: ignore[assignment]
    window_days: Annotated[int, Field(ge=0)] = 0
    carries_over: bool = False
    full_after: Annotated[int, Field(ge=0)] = 0
    judged_after: Annotated[int, Field(ge=0)] | Literal["valid_days"] = 0
    judged: Literal["day", "week", "sprint", "month", "quarter"] | None = None
    range: tuple[float | None, float | None] = (None, None)
    coverage: str | None = None
    mirrors: str | None = None
    changed: tuple[Change, ...] = ()

    @field_validator("value", mode="before")
    @classmethod
    def _formula(cls, value: Any) -> Formula:
        return parse_formula(str(value))

    @field_validator("interval", mode="before")
    @classmethod
    def _interval(cls, value: Any) -> Interval | None:
        return parse_interval(value)

    @field_validator("complete_after", "judged_after", mode="before")
    @classmethod
    def _days(cls, value: Any, info: ValidationInfo) -> Any:
        named = "answer_counts_back_days" if info.field_name == "complete_after" else "valid_days"
        if value != named and not (type(value) is int and value >= 0):
            raise ValueError(f"write a number of days, 0 or more, or {named}")
        return value

    @field_validator("grains")
    @classmethod
    def _any_grain(cls, grains: tuple[str, ...]) -> tuple[str, ...]:
        if not grains:
            raise ValueError("name at least one length of period, or leave it out for all")
        return grains

    @field_validator("range", mode="before")
    @classmethod
    def _two_numbers(cls, value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 2:
            raise ValueError("write the lowest and the highest, as [0, 100], or [0, null] where there is no highest")
        return value

    @field_validator("range")
    @classmethod
    def _lowest_first(cls, value: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
        lowest, highest = value
        if lowest is not None and highest is not None and not lowest < highest:
            raise ValueError("the lowest value comes first, the highest after it")
        return value

    @field_validator("judged")
    @classmethod
    def _judged_where_computed(cls, judged: str | None, info: ValidationInfo) -> str | None:
        grains = info.data.get("grains", GRAINS)
        if judged and judged not in grains:
            raise ValueError(f"it is computed per {' or '.join(grains)}, so it is judged in one of these")
        return judged

    @field_validator("changed", mode="before")
    @classmethod
    def _days_with_words(cls, value: Any) -> Any:
        keys, given = {"day", "before", "by", "title"}, value if isinstance(value, list) else [{}]
        written = [each.keys() if isinstance(each, dict) else set() for each in given]
        if not all("day" in each <= keys and each & {"before", "title"} for each in written):
            raise ValueError("write a list of changes, each as {day: 2026-11-30, by: who, before: how it was}")
        return value

    @field_validator("needs")
    @classmethod
    def _needs(cls, needs: tuple[str, ...]) -> tuple[str, ...]:
        return known_needs(needs)


@lru_cache(maxsize=MOST_QUERIES)
def read_kvi(file: QueryFile, answer_counts_back_days: int, valid_days: int) -> tuple[Kvi | None, tuple[Problem, ...]]:
    """The KVI in `file`, or the problems that keep it from being one; the days are those of [surveys]."""
    headed, problems = read_headed(file, KviFront, "KVI")
    return _kvi(file, headed, answer_counts_back_days, valid_days) if headed else None, problems


def _kvi(file: QueryFile, headed: Headed[KviFront], back_days: int, valid_days: int) -> Kvi:
    front = headed.front
    known = front.model_dump(exclude={"value", "range", "complete_after", "judged_after", "interval", "changed"})
    return Kvi(
        name=file.name,
        sql=headed.body,
        path=file.path,
        is_own=not file.built_in,
        body_line=headed.body_line,
        formula=front.value,
        interval=front.interval,
        changed=front.changed,
        limits=front.range,
        complete_after=back_days if isinstance(front.complete_after, str) else front.complete_after,
        judged_after=valid_days if isinstance(front.judged_after, str) else front.judged_after,
        **known,
    )
