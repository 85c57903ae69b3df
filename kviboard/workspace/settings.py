"""The sections of kviboard.toml: each setting with its type, its default and its help.

Reading them is the job of `workspace`; how the digest is mailed stands in `mail_settings`.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import stopwords
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from kviboard.domain.contract import CONTRACT
from kviboard.domain.reviews.predictions import STEPS

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


@cache  # looking all zones up takes longer than reading all the rest of kviboard.toml
def _known_zone(value: str) -> str:
    if value not in available_timezones() and value != "UTC":
        raise ValueError("is not a known time zone; write it like Europe/Amsterdam")
    return ZoneInfo(value).key


Zone = Annotated[str, AfterValidator(_known_zone)]
Scale = Literal["0-10", "1-10", "1-5", "1-7"]
Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=date(2200, 1, 1))]


TABLE = "table:"
"""Before the name of a table in Spark's catalogue."""
_LAKE = re.compile(r"table:[^\s;]+|[a-z][a-z0-9]*://?[^\s]+")

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def is_web_address(text: str, *schemes: str) -> bool:
    """Whether a text is the address of something on the web: a scheme, a host, perhaps a port, nothing invisible."""
    try:
        address = urlsplit(text)
        is_whole = address.scheme in schemes and bool(address.hostname) and (address.port or 1) > 0
    except ValueError:
        return False
    return is_whole and text.isprintable() and " " not in text


def is_private_address(text: str) -> bool:
    """Whether nobody can listen to what is sent to or fetched from an address."""
    is_near = is_web_address(text, "http") and urlsplit(text).hostname in THIS_MACHINE
    return is_near or is_web_address(text, "https")


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


class Company(Section):
    name: Annotated[str, Field(description="Your company's name, shown on every page")] = "My company"
    product: Annotated[str, Field(description="The product the board is about")] = ""
    vision: Annotated[str, Field(description="The product vision in one sentence, worded for the customer")] = ""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="Three-letter code of all amounts")] = "EUR"
    timezone: Annotated[Zone, Field(description="Time zone in which a day begins and ends")] = "UTC"
    as_of: Annotated[
        Day | None, Field(description="The day that it stays, for a sample or an archive; the clock's unless given")
    ] = None
    language: Annotated[
        str,
        Field(description="Language that goals and objectives are worded in; the coach knows `en`, `nl`, `de`, `da`"),
    ] = "en"
    languages: Annotated[
        tuple[str, ...], Field(description="Languages of the comments, whose stop words are left out of themes")
    ] = ("en",)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the company's clocks."""
        return ZoneInfo(self.timezone)

    def now(self) -> datetime:
        """The present moment on the company's clocks; nothing else asks the machine for it in this zone."""
        return datetime.now(self.zone)

    def today(self) -> date:
        """The day on the company's clocks, by which people owe something. No value depends on it: those know the last
        day of the data."""
        return self.as_of or self.now().date()

    def day_of(self, moment: datetime) -> date:
        """The day it was for the company at a moment."""
        return moment.astimezone(self.zone).date()

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in stopwords.LANGUAGE_MAPPING:
            raise ValueError(f'"{value}" is no code of a language; write two letters, like nl')
        return value

    @field_validator("languages")
    @classmethod
    def _known_languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [f'"{code}"' for code in value if code not in stopwords.LANGUAGE_MAPPING]
        if unknown:
            known = ", ".join(sorted(stopwords.LANGUAGE_MAPPING))
            raise ValueError(f"{' and '.join(unknown)} is no language with stop words; known are {known}")
        return value


_MOST_PLACES = 10
"""Of a rate: more decimal places say nothing of money."""


def _known_rates(value: object) -> dict[str, Decimal] | str:
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, dict):
        raise ValueError("write { USD = 0.92 }, or name an export with the columns currency, day and rate")
    odd = [f'"{code}"' for code in value if not re.fullmatch("[A-Z]{3}", code)]
    if odd:
        raise ValueError(f"{' and '.join(odd)} is no currency; write its three-letter code, like USD")
    return {code: _known_rate(code, rate) for code, rate in value.items()}


def _known_rate(code: str, rate: object) -> Decimal:
    """A rate with the digits that are written: 0.92 is 0.92, not the binary fraction next to it."""
    is_number = isinstance(rate, int | float | Decimal) and not isinstance(rate, bool)
    exact = Decimal(str(rate)) if is_number else None
    if exact is None or not exact.is_finite() or not 0 < exact < 10**9:
        raise ValueError(f"{rate!r} is no rate of {code}; write what 1 {code} is in your currency, like 0.92")
    if exact != round(exact, _MOST_PLACES):
        raise ValueError(f"the rate of {code} has more than {_MOST_PLACES} decimal places")
    return exact


class Currency(Section):
    rates: Annotated[
        dict[str, Decimal] | str,
        BeforeValidator(_known_rates),
        Field(description="What 1 of each other currency is in yours, or an export with currency, day, rate"),
    ] = {}


class Source(Section):
    files: Annotated[str | tuple[str, ...], Field(description="File or glob, relative to the workspace")]
    rename: Annotated[dict[str, str], Field(description="Column in the export = our name")] = {}
    date_format: Annotated[str | None, Field(description="Where dates are ambiguous: %d.%m.%Y, epoch, excel")] = None
    timezone: Annotated[Zone | None, Field(description="Time zone of times that name none; yours unless given")] = None
    decimal: Annotated[
        Literal["detect", ".", ","], Field(description="Decimal sign of numbers, where their column does not show it")
    ] = "detect"
    scale: Annotated[
        Scale | None, Field(description="Scale of this source's scores; that of [surveys] unless given")
    ] = None
    sheet: Annotated[
        str | tuple[str, ...] | None,
        Field(description='Sheets of a spreadsheet, or "*"; those with the columns of the first unless given'),
    ] = None
    header_line: Annotated[
        int | None, Field(ge=1, le=1_000_000, description="Line of the column names; found unless given")
    ] = None
    columns: Annotated[tuple[str, ...], Field(description="Column names of files that have none in them")] = ()
    rows: Annotated[str | None, Field(description="Which list of a JSON text holds the rows, such as data.orders")] = (
        None
    )
    order_rows: Annotated[
        Literal["lines", "all_lines", "totals", "versions"] | None,
        Field(description="What several rows of one order in a file are, only where the file cannot tell"),
    ] = None
    guest_orders: Annotated[
        bool,
        Field(
            description="Orders without a customer, of 0 or of a word such as guest, are of guests: they count in "
            "turnover, orders and the average order, in nothing that is counted by customer"
        ),
    ] = False

    fetch: Annotated[
        SecretStr,
        Field(description="Where its file is fetched from once a day, before a refresh: `${ORDERS_URL}`"),
    ] = SecretStr("")

    lake: Annotated[
        str,
        Field(
            description="Where Spark takes its files from before a refresh: `s3a://lake/orders/*.parquet`, "
            "or `table:sales.orders`"
        ),
    ] = ""

    @field_validator("lake")
    @classmethod
    def _of_spark(cls, value: str) -> str:
        if value and not _LAKE.fullmatch(value):
            raise ValueError(
                "is no address that Spark reads; write it like s3a://lake/orders/*.csv or table:sales.orders"
            )
        return value

    @model_validator(mode="after")
    def _place_for_the_lake(self) -> "Source":
        if self.lake and (len(self.patterns) != 1 or not re.search(r"/\*\.?[A-Za-z.]*$", self.patterns[0])):
            raise ValueError('lake needs one folder of its own for what is taken; give files = "lake/orders/*.parquet"')
        return self

    @field_validator("fetch")
    @classmethod
    def _web_address(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not is_private_address(value.get_secret_value()):
            raise ValueError("is no https address of a file; write it like https://shop.example.com/orders.csv")
        return value

    @property
    def patterns(self) -> tuple[str, ...]:
        return (self.files,) if isinstance(self.files, str) else self.files

    @property
    def sheets(self) -> tuple[str, ...] | None:
        """The sheets that are named; None where none is."""
        return (self.sheet,) if isinstance(self.sheet, str) else self.sheet


class Survey(Section):
    scale: Annotated[Scale | None, Field(description="Scale of its scores, if they have one of their own")] = None


class Surveys(Section):
    scale: Annotated[Scale, Field(description="Scale of the scores in the exports")] = "0-10"
    valid_days: Annotated[
        int, Field(gt=0, le=36_500, description="How long an answer counts as the customer's score")
    ] = 365
    answer_counts_back_days: Annotated[
        int,
        Field(ge=0, le=36_500, description="Days before the answer that it also speaks for (survey after a purchase)"),
    ] = 0
    survey: Annotated[Literal["relationship", "any"], Field(description="Which answers give a customer a score")] = (
        "any"
    )
    relationship: Survey = Survey()
    transactional: Survey = Survey()
    aspects: Annotated[
        tuple[str, ...], Field(description="Columns of the responses export that rate single aspects: price, support")
    ] = ()

    @field_validator("aspects")
    @classmethod
    def _plain_aspects(cls, aspects: tuple[str, ...]) -> tuple[str, ...]:
        taken = {"day", "scale", *(column.name for column in CONTRACT["responses"].columns)}
        odd = [f'"{name}"' for name in aspects if not name.isidentifier() or name != name.lower() or name in taken]
        if odd:
            raise ValueError(
                f"{' and '.join(odd)} cannot be an aspect; rename the column to a lower-case name of its own"
            )
        if len(set(aspects)) < len(aspects):
            raise ValueError("the same aspect is named twice")
        return aspects

    @property
    def own_scales(self) -> dict[str, str]:
        """The scales of surveys that have one of their own."""
        given = {"relationship": self.relationship.scale, "transactional": self.transactional.scale}
        return {survey: scale for survey, scale in given.items() if scale}


class Segment(Section):
    where: Annotated[
        dict[str, str | tuple[str, ...]],
        Field(min_length=1, description="Dimension = value, or values, of its customers"),
    ]

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The values of each dimension that its customers have."""
        return {name: (values,) if isinstance(values, str) else values for name, values in self.where.items()}


class Customers(Section):
    leave_out: Annotated[
        str | tuple[str, ...],
        Field(description="Customers left out of all tables: a list of ids, or a condition over the customers export"),
    ] = ()
    aliases: Annotated[
        str | None,
        Field(description="An export with customer_id, known_as: ids that are one customer's"),
    ] = None


class Sprints(Section):
    first_day: Annotated[Day | None, Field(description="First day of the first sprint")] = None
    days: Annotated[int, Field(gt=0, le=92, description="Length of a sprint in days")] = 14
    name: Annotated[str, Field(description="What sprints are called; a number follows")] = "Sprint"
    files: Annotated[str | None, Field(description="An export with name, starts_on, ends_on instead")] = None


class CalendarSettings(Section):
    week_starts: Annotated[Literal[*WEEKDAYS], Field(description="First day of a week")] = "monday"  # type: ignore[valid-type]
    quarter_starts_in: Annotated[Literal[*MONTHS], Field(description="First month of the fiscal year")] = "january"  # type: ignore[valid-type]

    @property
    def first_month(self) -> int:
        """The first month of the fiscal year, 1 to 12."""
        return MONTHS.index(self.quarter_starts_in) + 1


class Target(Section):
    kvi: Annotated[str, Field(description="Name of the KVI")]
    value: Annotated[float, Field(description="What it should reach; percentages as fractions: 0.55")]
    starts_on: Annotated[Day | None, Field(description="From this day; always, unless given")] = None
    ends_on: Annotated[Day | None, Field(description="By this day")] = None
    segment: Annotated[str, Field(description="Name of the segment it is for; all customers unless given")] = ""
    note: Annotated[str, Field(description="Why this target")] = ""

    @field_validator("ends_on")
    @classmethod
    def _after_its_start(cls, value: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("starts_on")
        if value and start and value < start:
            raise ValueError(f"lies before starts_on, {start}; swap them")
        return value


class Store(Section):
    url: Annotated[
        SecretStr | None, Field(description="postgresql+psycopg://…; SQLite in the state folder unless given")
    ] = None


_Minutes = Annotated[float, Field(ge=0, le=480)]
Minutes = Annotated[dict[str, _Minutes], Field(description="Part of the meeting = its time box in minutes")]


class Review(Section):
    """The time boxes of a sprint review; parts that are not named keep theirs. And where user stories are exported."""

    stories: Annotated[
        str, Field(description="exports of user stories (CSV, XLSX), one per sprint, named after it (sprint-38.csv)")
    ] = ""
    opening: Minutes = {}
    closing: Minutes = {}

    @field_validator("stories")
    @classmethod
    def _inside(cls, value: str) -> str:
        if Path(value).is_absolute() or ".." in Path(value).parts:
            raise ValueError("it has to lie in the workspace; write it like stories/*.csv")
        return value

    @field_validator("opening", "closing")
    @classmethod
    def _known_parts(cls, value: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        parts = STEPS[str(info.field_name)]
        unknown = [part for part in value if part not in parts]
        if unknown:
            are = "is not a part" if len(unknown) == 1 else "are no parts"
            raise ValueError(f"{' and '.join(unknown)} {are} of it; known are {', '.join(parts)}")
        return value

    def minutes(self, act: str) -> dict[str, float]:
        """Minutes by part of the opening or the closing."""
        return {**STEPS[act], **(self.opening if act == "opening" else self.closing)}


_CLUSTER = re.compile(
    r"local(\[(\*|\d+)\])?|local-cluster\[\d+,\d+,\d+\]|spark://[\w.-]+:\d+(,[\w.-]+:\d+)*|yarn|k8s://\S+"
)


class Engine(Section):
    kind: Annotated[
        Literal["duckdb", "spark"],
        Field(description="Where exports are staged and marts built: here, or on a cluster"),
    ] = "duckdb"
    master: Annotated[
        str, Field(description="The cluster: `spark://host:7077`, `yarn`, `k8s://…`; `local[2]` for trying it out")
    ] = ""
    remote: Annotated[
        SecretStr, Field(description="The cluster's address for Spark Connect instead: `sc://host:15002`")
    ] = SecretStr("")
    settings: Annotated[
        dict[str, str], Field(description='Settings of Spark, such as `"spark.executor.memory" = "8g"`')
    ] = {}
    memory_gb: Annotated[float, Field(gt=0, le=100_000, description="Memory a refresh may use, in GB")] = 6.0
    threads: Annotated[int | None, Field(gt=0, le=1_024, description="Threads; all cores unless given")] = None
    query_minutes: Annotated[
        float, Field(gt=0, le=1_440, description="A query of a refresh that runs longer stops it, by name")
    ] = 30.0
    preview_gb: Annotated[
        float, Field(ge=1, le=100_000, description="Memory that a look at what nobody has taken in yet may use, in GB")
    ] = 3.0
    preview_minutes: Annotated[
        float, Field(gt=0, le=1_440, description="A look at what nobody has taken in yet that takes longer is given up")
    ] = 3.0

    @field_validator("master")
    @classmethod
    def _a_master(cls, value: str) -> str:
        if value and not _CLUSTER.fullmatch(value):
            raise ValueError("is no master of Spark; write it like spark://host:7077, yarn or local[2]")
        return value

    @field_validator("remote")
    @classmethod
    def _a_remote(cls, value: SecretStr) -> SecretStr:
        address = value.get_secret_value()
        if address and not is_web_address(address.split(";")[0], "sc"):
            raise ValueError("is no address of Spark Connect; write it like sc://host:15002")
        return value

    @field_validator("settings")
    @classmethod
    def _of_spark(cls, settings: dict[str, str]) -> dict[str, str]:
        odd = [f'"{key}"' for key in settings if not key.startswith("spark.")]
        if odd:
            raise ValueError(f"{' and '.join(odd)} is no setting of Spark; its settings begin with spark.")
        return settings

    @model_validator(mode="after")
    def _one_cluster(self) -> "Engine":
        places = [name for name in ("master", "remote") if getattr(self, name) not in ("", SecretStr(""))]
        if self.kind == "spark" and len(places) != 1:
            both = "says two" if places else "says none"
            raise ValueError(f'kind = "spark" needs one cluster and {both}; give master or remote')
        if self.kind == "duckdb" and (places or self.settings):
            raise ValueError(f'{(places or ["settings"])[0]} is of Spark; set kind = "spark", too, or take it away')
        return self


class Uploads(Section):
    """Files that people bring, and those that they replace."""

    keep_days: Annotated[
        int, Field(gt=0, le=3_650, description="Files that wait, and replaced ones, are removed after so many days")
    ] = 30
    most_gb: Annotated[float, Field(gt=0, le=100_000, description="All files that wait together, in GB")] = 5.0


class Refresh(Section):
    max_reject_share: Annotated[
        float, Field(ge=0, le=1, description="A file with a larger share of unusable rows stops the refresh")
    ] = 0.1
