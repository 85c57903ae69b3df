"""Which sources the rows of a staging query come from, and so which rules they follow."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

import duckdb
from sqlglot import exp

from kviboard.catalog import QueryFile
from kviboard.catalog.files import tree_of
from kviboard.domain.contract import CONTRACT, Column
from kviboard.warehouse.engine import rows_of
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.fingerprints import is_settled
from kviboard.warehouse.forgotten import Forgotten, LeftOut
from kviboard.warehouse.staging.queries.query import Part, Staging
from kviboard.warehouse.staging.queries.renames import given_names
from kviboard.warehouse.staging.queries.sources import headers_of, zone_told
from kviboard.warehouse.staging.values.cast import Rules
from kviboard.warehouse.staging.values.scores import Scales
from kviboard.workspace import Workspace
from kviboard.workspace.settings import Source


def sources_read(query: QueryFile) -> list[str]:
    """Names of the sources a staging query reads, the one its rows come from first, as far as that can be told."""
    tree = tree_of(query.sql)
    main = tree.find(exp.From)
    tables = [*(main.find_all(exp.Table) if main else ()), *tree.find_all(exp.Table)]
    return list(dict.fromkeys(table.name for table in tables if table.db == "source"))


def columns_read(staging: Mapping[str, QueryFile], source: str, own: Mapping[str, Sequence[Column]]) -> set[str]:
    """Names, in lower case, of the columns of a source that staging queries have a use for; `own` are those that the
    workspace adds to a table."""
    found: set[str] = set()
    for table, query in staging.items():
        if source in sources_read(query):
            tree = tree_of(query.sql)
            found |= {column.name.lower() for column in tree.find_all(exp.Column)}
            if tree.find(exp.Star):
                found |= {column.name for column in (*CONTRACT[table].columns, *own.get(table, ()))}
    return found


def left_out_of(source: Source, name: str, staging: Mapping[str, QueryFile], forgotten: Forgotten) -> LeftOut:
    """What is left out of the files of a source: rows with a forgotten id where staging queries take a customer_id, or
    that say which ids are one customer's."""
    columns = {"customer_id", "known_as"}
    for query in staging.values() if forgotten else ():
        if name in sources_read(query):
            tree = tree_of(query.sql)
            taken = [each for each in tree.find_all(exp.Alias) if each.alias.lower() == "customer_id"]
            columns |= {column.name.lower() for each in taken for column in each.find_all(exp.Column)}
    return LeftOut(forgotten, frozenset(columns), tuple(given_names(source).items()))


def is_one_to_one(query: QueryFile) -> bool:
    """Whether a staging query plainly makes at most one row of each row it reads, so that counting rows is enough."""
    tree = tree_of(query.sql)
    manifold = (exp.Join, exp.SetOperation, exp.CTE, exp.Subquery, exp.Group, exp.Distinct, exp.UDTF)
    return isinstance(tree, exp.Select) and not any(tree.find(kind) for kind in manifold)


def keeps_lines(query: QueryFile) -> bool:
    """Whether each row of a staging query plainly has the file and the line of the one that it is made of."""
    tree = tree_of(query.sql)
    if not isinstance(tree, exp.Select) or not is_one_to_one(query):
        return False
    kept = {column.name.lower() for column in tree.selects if isinstance(column, exp.Column)}
    is_all = any(isinstance(column, exp.Star) and not any(column.args.values()) for column in tree.selects)
    return is_all or {FILE, LINE} <= kept


def adds_rows_up(query: QueryFile) -> bool:
    """Whether a staging query makes one row of several: it groups, or reads what it has grouped before."""
    tree = tree_of(query.sql)
    inner = {cte.alias: cte.this for cte in tree.find_all(exp.CTE)}
    return isinstance(tree, exp.Select) and _groups(tree, inner, set())


def _groups(select: exp.Expression, inner: Mapping[str, exp.Expression], seen: set[str]) -> bool:
    if not isinstance(select, exp.Select):
        return False
    sums = (each for column in select.selects for each in column.find_all(exp.AggFunc))
    if (
        select.args.get("group")
        or select.args.get("distinct")
        or any(not each.find_ancestor(exp.Window) for each in sums)
    ):
        return True
    main = select.find(exp.From)
    source = main.this if main else None
    if isinstance(source, exp.Subquery):
        return _groups(source.this, inner, seen)
    if not isinstance(source, exp.Table) or source.db or source.name not in inner or source.name in seen:
        return False
    return _groups(inner[source.name], inner, seen | {source.name})


def is_row_by_row(query: QueryFile) -> bool:
    """Whether what a staging query makes of a row can be told from this row alone, today and later."""
    tree = tree_of(query.sql)
    beyond = (exp.Window, exp.AggFunc, exp.Limit, exp.Offset)
    return is_one_to_one(query) and is_settled(query.sql) and not any(tree.find(kind) for kind in beyond)


def parts_of(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    staging: Staging,
    sources: Sequence[str],
    extracts: Mapping[str, Sequence[Extract]],
    rates: frozenset[str] = frozenset(),
) -> list[Part]:
    """One part per source that rows come from; all of them in one part where that is a single source."""
    files = {source: tuple(extract.found.name for extract in extracts[source]) for source in sources}
    owners = [sources[0]]
    if len(sources) > 1 and FILE in staging.found:
        seen = {file for (file,) in rows_of(connection, f"select distinct {FILE} from {staging.view}")}
        owners = [source for source in sources if seen & set(files[source])] or owners
    parts = [
        _part(connection, workspace, staging, source, files[source] if len(owners) > 1 else (), extracts, rates)
        for source in owners
    ]
    if len(owners) > 1:  # rows that name no file, or one of no source, follow the rules of the first
        known = tuple(chain.from_iterable(files[source] for source in owners))
        parts.append(replace(parts[0], files=(), others=known))
    return parts


def _part(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    staging: Staging,
    source: str,
    files: tuple[str, ...],
    extracts: Mapping[str, Sequence[Extract]],
    rates: frozenset[str],
) -> Part:
    given, surveys = workspace.sources[source], workspace.surveys
    own = surveys.own_scales if "survey" in staging.found else {}
    is_given = given.scale is not None or "scale" in surveys.model_fields_set
    scales = Scales(given.scale or surveys.scale, tuple(own.items()), is_given)
    company = workspace.company
    rules = Rules(
        company.timezone, given.date_format, given.decimal, scales,
        currency=company.currency, source_timezone=given.timezone or zone_told(extracts[source], company.timezone),
        rates=rates, sheets=_sheets(extracts[source]), guests=given.guest_orders and staging.table.name == "orders",
    )  # fmt: skip
    is_text = not all(extract.is_external for extract in extracts[source])
    renames = {old.strip().casefold(): new for old, new in given.rename.items()}
    names = {name: renames.get(name.casefold(), name) for extract in extracts[source] for name in extract.columns}
    headers = headers_of(connection, staging.query, source)
    return Part(source, files, rules, is_text, headers, names=names, durations=_durations(extracts[source]))


def _durations(extracts: Sequence[Extract]) -> dict[str, dict[str, str]]:
    """The unit of each column of typed durations by file, "" where it is none in a file."""
    columns = dict.fromkeys(column for extract in extracts for column, _ in extract.durations)
    return {
        column: {
            extract.found.name: dict(extract.durations).get(column, "")
            for extract in extracts
            if column in extract.columns and extract.rows
        }
        for column in columns
    }


def _sheets(extracts: Sequence[Extract]) -> str:
    """From when the workbooks of a source count days, as date_format names it; "" where some count otherwise."""
    found = {extract.is_from_1904 for extract in extracts if extract.rows}
    return "" if len(found) > 1 else "excel_1904" if True in found else "excel"
