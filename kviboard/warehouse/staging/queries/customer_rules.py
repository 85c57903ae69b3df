"""What is true of a customer is true in every table: who is left out of all of them, and which ids are one customer's.

Costs nothing where [customers] is not set and no staging query excludes a customer.
"""

from collections.abc import Container
from dataclasses import dataclass, replace

import duckdb

from kviboard.domain.formatting import counted, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import columns_of, insert_rows, literal, quoted, row_of, rows_of
from kviboard.warehouse.forgotten import REASON as FORGOTTEN
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.identity import bare_id
from kviboard.warehouse.staging.values.place import StagingError
from kviboard.workspace.settings import Customers

LEFT_OUT = "the customer is left out of all tables"
_ALIASES = "kviboard.toml, [customers] aliases"


@dataclass(frozen=True)
class CustomerRules:
    """`condition`: SQL over the customers' staging query, for those who are left out; `has_left_out`, `has_aliases`:
    whether the tables left_out and customer_aliases hold anybody."""

    condition: str = ""
    has_left_out: bool = False
    has_aliases: bool = False

    def __bool__(self) -> bool:
        return self.has_left_out or self.has_aliases

    def customer(self, value: str) -> str:
        """SQL: the customer whose id `value` is."""
        if not self.has_aliases:
            return value
        return f"coalesce((select customer_id from customer_aliases where known_as = {value}), {value})"

    def is_alias(self, value: str) -> str:
        """SQL: whether the id `value` is another customer's."""
        if not self.has_aliases:
            return "false"
        return f"(select customer_id from customer_aliases where known_as = {value}) is not null"

    def reason(self, customer: str) -> str:
        """SQL: a case in which the row of a customer is set aside; "" where there is none."""
        is_out = f"{customer} in (select customer_id from left_out)"
        return f"when {is_out} then {literal(LEFT_OUT)} " if self.has_left_out else ""


NO_RULES = CustomerRules()


def open_rules(
    connection: duckdb.DuckDBPyConnection, settings: Customers, source: str | None, readable: Container[str]
) -> tuple[CustomerRules, list[ExportDecision]]:
    """Create left_out and customer_aliases. `source`: of the aliases. Raises StagingError where these contradict."""
    connection.execute("create table left_out (customer_id varchar)")
    connection.execute("create table customer_aliases (customer_id varchar, known_as varchar)")
    said = _read_aliases(connection, source) if source and source in readable else []
    rules = CustomerRules(has_aliases=bool(said))
    if isinstance(settings.leave_out, str):
        return replace(rules, condition=settings.leave_out), said
    for given in settings.leave_out:
        value = rules.customer(bare_id("given"))
        connection.execute(f"insert into left_out select {value} from (select ? as given)", [given.strip()])
    return replace(rules, has_left_out=bool(settings.leave_out)), said


def leave_out_excluded(connection: duckdb.DuckDBPyConnection, rules: CustomerRules, exported: str) -> CustomerRules:
    """Customers whom their own staging query or [customers] leave_out excludes are left out of all tables that follow,
    unless another of their rows is in the table `exported`."""
    connection.execute(
        f"""
        insert into left_out
        select distinct customer_id from cast_rows.customers
        where (_kind = 'excluded' or _reason = {literal(LEFT_OUT)}) and _reason <> {literal(FORGOTTEN)}
            and customer_id is not null
            and customer_id not in (select customer_id from {exported})
            and customer_id not in (select customer_id from left_out)
        """
    )
    return replace(rules, has_left_out=bool(row_of(connection, "select count(*) from left_out")[0]))


def condition_problem(error: duckdb.Error, columns: list[str]) -> Problem:
    """Why [customers] leave_out cannot be asked of the customers export."""
    what = f"cannot be asked of the customers export: {str(error).splitlines()[0].partition(': ')[-1].rstrip('.!')}."
    return Problem("kviboard.toml, [customers] leave_out", what, f"Its columns are {', '.join(columns)}.")


def _read_aliases(connection: duckdb.DuckDBPyConnection, source: str) -> list[ExportDecision]:
    found = {name.lower() for name in columns_of(connection, f"source.{quoted(source)}")}
    missing = [name for name in ("customer_id", "known_as") if name not in found]
    if missing:
        what = f"the export has no column {' and no column '.join(missing)}."
        raise StagingError(Problem(_ALIASES, what, f"Name the columns under [sources.{source}] rename."))
    ids = {name: bare_id(clean_text(name, keeps_tokens=True)) for name in ("customer_id", "known_as")}
    names = ", ".join(f"{value} as {name}" for name, value in ids.items())
    pairs = rows_of(connection, f"select distinct {names} from source.{quoted(source)} order by all")
    known: dict[str, str] = {}
    for customer, alias in pairs:
        if not customer or not alias or customer == alias:
            continue
        if alias in known:
            what = f'"{alias}" is known as "{known[alias]}" and as "{customer}".'
            raise StagingError(Problem(_ALIASES, what, "Keep the one customer it belongs to."))
        known[alias] = customer
    ends = {alias: _end(alias, known) for alias in known}
    if not ends:
        return []
    insert_rows(connection, "customer_aliases", [[end, alias] for alias, end in ends.items()])
    alias, end = next(iter(ends.items()))
    what = f"{counted(len(ends), 'id')} {plural(len(ends), 'is', 'are')} read as the id of another customer."
    return [ExportDecision(where=_ALIASES, what=what, example=f'"{alias}" is "{end}"')]


def _end(alias: str, known: dict[str, str]) -> str:
    """The customer at the end of a chain of aliases."""
    seen = [alias]
    while seen[-1] in known:
        following = known[seen[-1]]
        if following in seen:
            what = f"the ids {' and '.join(dict.fromkeys(seen))} are known as one another, and none as a customer."
            raise StagingError(Problem(_ALIASES, what, "Remove the line of the id that shall remain."))
        seen.append(following)
    return seen[-1]
