"""A company's folder: the only reader of kviboard.toml.

The settings, their defaults and their help stand in `settings`; finding files and reading exports belongs to the
warehouse.
"""

import hashlib
import os
import re
import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import AfterValidator, BaseModel, Field, ValidationError, ValidationInfo, field_validator, model_validator

from kviboard.domain.contract import CONTRACT, Column
from kviboard.domain.periods import Calendar, Sprint, regular_sprints
from kviboard.errors import Problem, WorkspaceError
from kviboard.files import shown_name
from kviboard.workspace.access_settings import Access, SignIn, access_problems
from kviboard.workspace.mail_settings import DigestSettings, Mail, ReminderSettings
from kviboard.workspace.settings import (
    WEEKDAYS,
    CalendarSettings,
    Company,
    Currency,
    Customers,
    Engine,
    Refresh,
    Review,
    Section,
    Segment,
    Source,
    Sprints,
    Store,
    Surveys,
    Target,
    Uploads,
)
from kviboard.workspace.wrong_settings import wrong_settings

_PACKAGE = Path(__file__).parents[1]
APP_ROOT = _PACKAGE / "_app" if (_PACKAGE / "_app").is_dir() else _PACKAGE.parent
"""Folder with app.py, pages/, queries/ and sample_data/: inside the installed package, or the checkout."""
SAMPLE_WORKSPACE = APP_ROOT / "sample_data"
CONFIG_NAME = "kviboard.toml"
WORKSPACE_VARIABLE = "KVIBOARD_WORKSPACE"
"""The environment variable that names the workspace's folder."""

_ALIASES, _RATES = "customer_aliases", "currency_rates"
_OURS = {"root", "state"}
_MOST_BYTES, _MOST_PARTS = 5_000_000, 200
_MOST_DIMENSIONS = 50  # each is a column of many tables
_QUOTED = re.compile(r""" "[^"\n]*" | '[^'\n]*' | \#.* """, re.VERBOSE)
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")


def _plain_name(name: str) -> str:
    if not name.isidentifier() or name != name.lower():
        raise ValueError("is no plain name; use lower-case letters, digits and _")
    return name


class Workspace(Section):
    """Everything kviboard.toml says, with defaults filled in."""

    root: Path
    state: Path
    company: Company = Company()
    currency: Currency = Currency()
    sources: dict[Annotated[str, AfterValidator(_plain_name)], Source] = {}  # noqa: RUF012 (pydantic copies it)
    surveys: Surveys = Surveys()
    customers: Customers = Customers()
    sprints: Sprints = Sprints()
    calendar: CalendarSettings = CalendarSettings()
    dimensions: Annotated[tuple[str, ...], Field(description="Customer columns to slice KVIs by")] = ()
    segments: dict[Annotated[str, AfterValidator(_plain_name)], Segment] = {}  # noqa: RUF012 (pydantic copies it)
    targets: tuple[Target, ...] = ()
    refresh: Refresh = Refresh()
    uploads: Uploads = Uploads()
    review: Review = Review()
    mail: Mail = Mail()
    store: Store = Store()
    access: Access = Access()
    sign_in: SignIn = SignIn()
    engine: Engine = Engine()

    @field_validator("dimensions")
    @classmethod
    def _plain_dimension_names(cls, dimensions: tuple[str, ...]) -> tuple[str, ...]:
        taken = {"customer_id", "slice_id", "day", "period", "slice"} | {c.name for c in CONTRACT["customers"].columns}
        reserved = [f'"{name}"' for name in dimensions if name in taken]
        odd = [f'"{name}"' for name in dimensions if not name.isidentifier() or name != name.lower()]
        if reserved:
            what = f"{' and '.join(reserved)} cannot be a dimension: the board has columns of that name"
            raise ValueError(f"{what}; rename it in its source, as to my_{reserved[0][1:-1]}, and name that")
        if odd:
            raise ValueError(f"{' and '.join(odd)} cannot be a dimension; use lower-case letters, digits and _")
        if len(dimensions) > _MOST_DIMENSIONS:
            raise ValueError(f"more than {_MOST_DIMENSIONS} are named; keep those that somebody compares customers by")
        if len(set(dimensions)) < len(dimensions):
            raise ValueError("the same dimension is named twice")
        return dimensions

    @field_validator("segments")
    @classmethod
    def _of_dimensions(cls, segments: dict[str, Segment], info: ValidationInfo) -> dict[str, Segment]:
        for name, segment in segments.items():
            strange = [
                f'"{each}"' for each in segment.chosen if each not in info.data.get("dimensions", segment.chosen)
            ]
            empty = [f'"{each}"' for each, values in segment.chosen.items() if not values]
            if strange or empty:
                what = "is not among dimensions" if strange else "has no value"
                raise ValueError(f"{' and '.join(strange or empty)} of {name} {what}")
        return segments

    @field_validator("targets")
    @classmethod
    def _of_known_segments(cls, targets: tuple[Target, ...], info: ValidationInfo) -> tuple[Target, ...]:
        segments = info.data.get("segments")
        unknown = [each.segment for each in targets if segments is not None and each.segment not in {"", *segments}]
        if unknown:
            known = ", ".join(sorted(segments or ())) or "none; [segments.NAME] makes one"
            raise ValueError(f'"{unknown[0]}" is not a segment; known are {known}')
        return targets

    @field_validator("currency")
    @classmethod
    def _of_other_currencies(cls, currency: Currency, info: ValidationInfo) -> Currency:
        own = info.data["company"].currency if "company" in info.data else ""
        if isinstance(currency.rates, dict) and currency.rates.get(own, 1) != 1:
            raise ValueError(f"rates of other currencies are in {own}, your own, so that of {own} can only be 1")
        return currency

    @model_validator(mode="after")
    def _sprint_export_is_a_source(self) -> "Workspace":
        if self.sprints.files and "sprints" not in self.sources:
            self.sources["sprints"] = Source(files=self.sprints.files)
        aliases = self.customers.aliases
        if aliases and aliases not in self.sources:
            self.sources[_ALIASES] = Source(files=aliases)
        rates = self.currency.rates
        if isinstance(rates, str) and rates and rates not in self.sources:
            self.sources[_RATES] = Source(files=rates)
        return self

    @model_validator(mode="after")
    def _a_cluster_for_the_lake(self) -> "Workspace":
        lakes = [name for name, source in self.sources.items() if source.lake]
        if lakes and self.engine.kind != "spark":
            raise ValueError(f'[sources.{lakes[0]}] lake is read by Spark; give [engine] kind = "spark" and a cluster')
        return self

    @property
    def aliases_source(self) -> str | None:
        """The source that says which ids are one customer's."""
        aliases = self.customers.aliases
        return aliases if aliases in self.sources or not aliases else _ALIASES

    @property
    def rates_source(self) -> str | None:
        """The source that says what other currencies are worth, day by day."""
        rates = self.currency.rates
        if not isinstance(rates, str) or not rates:
            return None
        return rates if rates in self.sources else _RATES

    @property
    def story_files(self) -> list[Path]:
        """The exports of user stories, in their order."""
        pattern = self.review.stories
        return sorted(path for path in self.root.glob(pattern) if path.is_file()) if pattern else []

    @property
    def own_queries(self) -> list[Path]:
        """What the company wrote under queries/: KVIs, drafts, views, checks, themes and what is retired."""
        return sorted(path for path in (self.root / "queries").rglob("*") if path.suffix in (".sql", ".txt"))

    @property
    def own_columns(self) -> dict[str, tuple[Column, ...]]:
        """Columns that this workspace adds to contract tables: dimensions of customers, aspects of responses."""
        return {
            "customers": tuple(Column(name, "text") for name in self.dimensions),
            "responses": tuple(Column(name, "rating") for name in self.surveys.aspects),
        }

    def make_calendar(self, last: date) -> Calendar:
        """The company's calendar, with sprints by the rule in [sprints], if any, up to the one after `last`."""
        sprints: tuple[Sprint, ...] = ()
        rule = self.sprints
        if rule.first_day:
            next_one = last + timedelta(days=rule.days)  # can be opened before it has data
            sprints = regular_sprints(rule.first_day, rule.days, rule.name, next_one)
        return Calendar(
            week_starts=WEEKDAYS.index(self.calendar.week_starts),
            quarter_starts_in=self.calendar.first_month,
            sprints=sprints,
        )


def load_workspace(path: Path | str | None = None) -> Workspace:
    """Read the workspace in folder `path`, or the sample workspace. Raises WorkspaceError with all problems."""
    root = Path(path).resolve() if path else SAMPLE_WORKSPACE.resolve()
    config = root / CONFIG_NAME
    if (shown := shown_name(str(root))) != str(root):
        raise WorkspaceError(f"{shown} cannot be a workspace, because its name is not UTF-8; rename the folder.")
    try:
        is_there = config.is_file()
    except OSError as error:  # as a name that no folder can have
        raise WorkspaceError(
            f"{str(root)[:60]}… cannot be a workspace ({error.strerror}); name another folder."
        ) from error
    if not is_there:
        raise WorkspaceError(
            f"{root} has no {CONFIG_NAME}. Run `kviboard init {root}` to start one there, or name another folder."
        )
    try:
        if config.stat().st_size > _MOST_BYTES:
            raise WorkspaceError(f"{config} has more than {_MOST_BYTES // 1_000_000} MB, which no settings need.")
        text = config.read_text(encoding="utf-8-sig")
        _refuse_long_keys(config, text)
        written = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WorkspaceError(f"{config} is not valid TOML: {error}.") from error
    except OSError as error:
        raise WorkspaceError(f"{config} cannot be read ({error.strerror}); give this user the right to.") from error
    unset: list[str] = []
    settings = _with_environment(written, unset)
    problems = [_not_set(name) for name in dict.fromkeys(unset)]
    if _OURS & settings.keys():
        problems.append(Problem(CONFIG_NAME, "root and state cannot be set.", "Remove them."))
    settings = {name: setting for name, setting in settings.items() if name not in _OURS}
    try:
        workspace = Workspace(root=root, state=_state_folder(root), **settings)
    except ValidationError as error:
        problems += wrong_settings((each for each in error.errors() if not _is_unset(each)), CONFIG_NAME, _known_keys)
    else:
        problems += access_problems(workspace.access, workspace.sign_in, CONFIG_NAME)
    if problems:
        raise WorkspaceError("\n".join(str(problem) for problem in problems), problems)
    return workspace


def _refuse_long_keys(config: Path, text: str) -> None:
    """Raises WorkspaceError for a key of very many parts, which takes the square of their number of memory."""
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > _MOST_PARTS and _QUOTED.sub("", line).count(".") > _MOST_PARTS:
            raise WorkspaceError(f"{config}, line {number}: has a key of more than {_MOST_PARTS} parts.")


def _state_folder(root: Path) -> Path:
    inside = root / ".kviboard"
    installed_sample = root == SAMPLE_WORKSPACE.resolve() and APP_ROOT.name == "_app"
    if not installed_sample and os.access(inside if inside.exists() else root, os.W_OK):
        return inside
    key = hashlib.sha256(str(root).encode()).hexdigest()[:12]
    return Path(platformdirs.user_data_dir("kviboard")) / f"{root.name}-{key}"


def _with_environment(setting: Any, unset: list[str]) -> Any:
    """Texts with ${NAME} and ${NAME:-default} filled in, so that paths and passwords can stay out of the file. Names of
    variables without a value are added to `unset`, and their texts left as they are."""
    if isinstance(setting, dict):
        return {key: _with_environment(value, unset) for key, value in setting.items()}
    if isinstance(setting, list):
        return [_with_environment(value, unset) for value in setting]

    def filled(match: re.Match[str]) -> str:
        value = os.environ.get(match["name"], match["default"])
        if value is None:
            unset.append(match["name"])
        return match[0] if value is None else value

    if not isinstance(setting, str):
        return setting
    if "\0" in setting:
        raise WorkspaceError(f"{CONFIG_NAME} holds the character \\u0000, which no text has; remove it.")
    return _VARIABLE.sub(filled, setting)


def _not_set(name: str) -> Problem:
    what = f"names ${{{name}}}, which is not set."
    return Problem(CONFIG_NAME, what, f"Set this environment variable, or write ${{{name}:-default}}.")


def _is_unset(detail: Any) -> bool:
    """Whether a value is wrong only because its variable is not set, which is told already."""
    return isinstance(detail["input"], str) and bool(_VARIABLE.search(detail["input"]))


def _known_keys(table: Sequence[str]) -> list[str]:
    listed: dict[tuple[str, ...], type[BaseModel]] = {
        ("mail", "digests"): DigestSettings,
        ("mail", "reminders"): ReminderSettings,
    }
    model = listed.get(tuple(table[:2]), Workspace)
    for part in table[:1] if model is Workspace else ():
        one_of_many: dict[str, type[BaseModel]] = {"sources": Source, "targets": Target, "segments": Segment}
        annotation: Any = one_of_many.get(part) or Workspace.model_fields[part].annotation
        model = annotation if isinstance(annotation, type) else Workspace
    return [name for name in model.model_fields if name not in _OURS]
