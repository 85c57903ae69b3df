"""The open board: one workspace, its catalogue and the version it reads. Computing KVIs belongs to readings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kviboard.board.kvis.evaluation import misfit
from kviboard.board.kvis.reach import reach_of
from kviboard.catalog import Catalog, load_catalog
from kviboard.domain.kvis.kvi import Change, Kvi, Target
from kviboard.domain.periods import Calendar
from kviboard.errors import KviBoardError, Problem, UsageError
from kviboard.warehouse.empty_reader import EmptyReader
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.staging.customers import UNKNOWN
from kviboard.warehouse.versions import current_version
from kviboard.workspace import Workspace
from kviboard.workspace.settings import Target as TargetSetting

GROUPS = {"customer": "For the customer", "company": "For the company"}


@dataclass(frozen=True)
class Board:
    """What every use case needs. It keeps reading the version it opened, whatever is published meanwhile."""

    workspace: Workspace
    catalog: Catalog
    reader: Reader
    set_targets: tuple[Target, ...] = ()  # set on the board, over those of kviboard.toml: see kvi_targets

    @property
    def calendar(self) -> Calendar:
        return self.reader.calendar

    @property
    def today(self) -> date:
        """The day the data reaches; the wall clock never decides a value."""
        return self.reader.last_day

    @property
    def clock_day(self) -> date:
        """The day it is for people: what they owe, and when, does not wait for the data."""
        return self.workspace.company.today()

    @property
    def usual_grain(self) -> str:
        """Sprints where the company has them: they are what it decides in. Else months."""
        return "sprint" if self.calendar.sprints else "month"

    def judged_grain(self, kvi: Kvi) -> str:
        """The grain in which the KVI's signals are told and its target is set, whatever grain is looked at: the one its
        file names, else sprints where the company has them, else months; the shortest one where it has none of these.

        Where there are no sprints, months take their place.
        """
        wanted = kvi.judged or self.usual_grain
        if wanted == "sprint" and not self.calendar.sprints:
            wanted = "month"
        return wanted if wanted in kvi.grains else kvi.grains[0]

    @property
    def dimensions(self) -> tuple[str, ...]:
        return self.reader.dimensions

    @cached_property
    def kinds_of_customers(self) -> frozenset[str]:
        """What the company calls its customers: the values of its dimensions."""
        known = (self.reader.dimension_values(name) for name in self.dimensions)
        return frozenset(value for values in known for value in values) - {UNKNOWN}

    @cached_property
    def targets(self) -> dict[str, tuple[Target, ...]]:
        """Targets by KVI, in the order they are given: first the file's, then those set on the board."""
        given = [*map(self._target, self.workspace.targets), *self.set_targets]
        return {name: tuple(target for target in given if target.kvi == name) for name in {t.kvi for t in given}}

    def _target(self, given: TargetSetting) -> Target:
        """A target of the file; one for a segment is for just its customers."""
        where = tuple(self.workspace.segments[given.segment].chosen.items()) if given.segment else ()
        return Target(**given.model_dump(exclude={"segment"}), where=where)

    @cached_property
    def kvis(self) -> dict[str, Kvi]:
        """The KVIs that can be computed from what is exported."""
        hindered = self.waiting.keys() | {problem.file for problem in self.broken}
        known = self.catalog.kvis.items()
        return {n: self._with_changes(k) for n, k in known if n not in hindered and k.path not in hindered}

    def _with_changes(self, kvi: Kvi) -> Kvi:
        """The KVI with the changes that its file does not tell and refreshes saw."""
        seen = self.reader.manifest.kvis_changed.get(kvi.name, ()) if kvi.is_own else ()
        changes = [Change(each.seen_on, each.before, title=each.title, is_seen=True) for each in seen]
        both = sorted((*kvi.changed, *changes), key=lambda change: change.day)
        return replace(kvi, changed=tuple(both)) if changes else kvi

    @cached_property
    def waiting(self) -> dict[str, str]:
        """KVIs that need an export which is not there, with the sentence that says which."""
        return {name: sentence for name, kvi in self.catalog.kvis.items() if (sentence := self._lacks(kvi))}

    @cached_property
    def broken(self) -> tuple[Problem, ...]:
        """KVI files whose SQL does not run on this warehouse or lacks a column that their value uses."""
        problems = (self._trouble(kvi) for name, kvi in self.catalog.kvis.items() if name not in self.waiting)
        return tuple(problem for problem in problems if problem)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong in queries/, as written and as run."""
        return self.catalog.problems + self.broken

    def kvi(self, name: str) -> Kvi:
        """The KVI called `name`. Raises UsageError with what is known, or why this one cannot be computed."""
        if name in self.kvis:
            return self.kvis[name]
        if name in self.waiting:
            raise UsageError(f"{self.catalog.kvis[name].title} {self.waiting[name]}.")
        found = self._problems_of(name)
        raise UsageError(found[0] if found else f'"{name}" is not a KVI; known are {", ".join(sorted(self.kvis))}.')

    def has_file(self, name: str) -> bool:
        """Whether there is a KVI of this name, even one that cannot be computed."""
        return name in self.catalog.kvis or bool(self._problems_of(name))

    def _problems_of(self, name: str) -> list[str]:
        return [str(problem) for problem in self.problems if f"/{name}.sql" in problem.where]

    def missing_export(self, needs: Sequence[str]) -> str | None:
        """What is not exported of `needs`: "needs the orders export", "needs minutes in the activity export"."""
        for need in needs:
            table, _, column = need.partition(".")
            provided = self.reader.manifest.provided.get(table, ())
            if not provided:
                return f"needs the {table} export"
            if column and column not in provided:
                return f"needs {column} in the {table} export"
        return None

    def _lacks(self, kvi: Kvi) -> str | None:
        if missing := self.missing_export(kvi.needs):
            return missing
        return None if reach_of(kvi, self.reader) else f"needs dated rows in the {kvi.tables[0]} export"

    def _trouble(self, kvi: Kvi) -> Problem | None:
        try:
            what, hint = misfit(kvi, self.reader)
        except KviBoardError as error:
            return Problem(f"{kvi.path}, line {kvi.body_line}", str(error))
        return Problem(f"{kvi.path}, line {kvi.body_line}", what, hint) if what else None


def open_board(workspace: Workspace, in_memory: bool = True, version: str = "") -> Board:
    """The board on a version, the current one unless given; without `in_memory` nothing is loaded, for a few questions.

    Raises NotBuiltError before the first refresh.
    """
    reader = Reader(workspace, version or current_version(workspace), in_memory=in_memory)
    return Board(workspace, load_catalog(workspace), reader)


def board_without_data(workspace: Workspace) -> Board:
    """The board before any export was read: no KVI can be computed, and today is the clock's."""
    return Board(workspace, load_catalog(workspace), EmptyReader(workspace))
