"""What the steps of staging share: what they stage, and what they found out on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb

from kviboard.catalog import Catalog
from kviboard.domain.periods import Calendar
from kviboard.errors import Problem
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.manifest import ExportDecision, ExternalTable, LedgerRow, Reach, StagedTable
from kviboard.warehouse.staging.append import Growth
from kviboard.warehouse.staging.queries.customer_rules import NO_RULES, CustomerRules
from kviboard.warehouse.staging.queries.query import Part, Staging
from kviboard.warehouse.staging.rows.profile import Look, Looked
from kviboard.warehouse.tables import PreviousVersion
from kviboard.workspace import Workspace

Extracts = Mapping[str, Sequence[Extract]]


@dataclass(frozen=True)
class Inputs:
    """What is staged in `connection`: the `extracts` by source, those that can be read; `before`: the last version."""

    connection: duckdb.DuckDBPyConnection
    workspace: Workspace
    catalog: Catalog
    extracts: Extracts
    before: PreviousVersion


@dataclass
class Staged:
    """What staging found out."""

    ledger: list[LedgerRow] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)  # kept rows by exported table
    provided: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reach: dict[str, Reach] = field(default_factory=dict)
    whole_through: dict[str, date] = field(default_factory=dict)  # by table, where that is not its last row's day
    told: dict[str, Reach] = field(default_factory=dict)  # by "table.column", where those are not the table's days
    starts: dict[str, Reach] = field(default_factory=dict)  # by table, where a first row of a customer begins one
    external: dict[str, ExternalTable] = field(default_factory=dict)
    tables: dict[str, StagedTable] = field(default_factory=dict)  # those that the next refresh may take over
    excluded: dict[tuple[str, str, str | None], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)  # to be known
    decisions: list[ExportDecision] = field(default_factory=list)
    refusals: list[Problem] = field(default_factory=list)  # nothing may be published
    growth: Growth | None = None  # of customer_days
    customers: CustomerRules = NO_RULES
    rates: frozenset[str] = frozenset()  # currencies with an exchange rate
    calendar: Calendar = field(default_factory=Calendar)  # by the settings, as marts count by it
    looks: dict[str, Looked] = field(default_factory=dict)  # into tables that are the valid rows of their files
    read: list[tuple[Staging, Sequence[Part]]] = field(default_factory=list)  # queries, and where their rows come from

    def look(self, table: str, what: str, look: Look) -> list[ExportDecision]:
        """What is said of the rows of an exported table; `what` tells one look from others."""
        if table in self.looks:
            return self.looks[table](what, look)
        return look() if table in self.rows else []
