"""Ids that look like one and are compared as several, or the other way round: said, and never joined in silence."""

from collections.abc import Callable, Collection
from functools import partial
from itertools import chain

import duckdb

from kviboard.domain.contract import CONTRACT, Column
from kviboard.domain.formatting import counted, listed, plural
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.customer_rules import LEFT_OUT
from kviboard.warehouse.staging.rows.profile import Look
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.identity import bare_id, nobody_words
from kviboard.warehouse.staging.values.numbers import FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.place import Place

_POWER = r"^\d([.,]\d+)?[eE]\+\d{1,2}$|^\d[.,]\d+[eE]\d{1,2}$"
_TWINS = dict(zip("аеорсухіјѕԁһԛԝвкмнтαβεηικμνορτυχ", "aeopcyxijsdhqwbkmhtabehikmvoptux", strict=True))
_TWINS |= {chr(code + 0xFEE0): chr(code).lower() for code in range(0x21, 0x7F)} | {"\u3000": " "}
_ZEROS = "'0', '00', '000', '0000', '00000'"
_MANY, _FAR_MORE = 10, 5  # rows, and times those of a customer on average, from which on the id 0 is nobody's
_SHORT = 12  # letters of an id that people write; longer ones are made by chance, in capitals and small letters
_KEYED = ("orders", "responses", "tickets")
_TABLES = ("customers", "orders", "responses", "tickets", "activity")


def alike_ids(
    connection: duckdb.DuckDBPyConnection,
    exported: Collection[str],
    look: Callable[[str, str, Look], list[ExportDecision]],
) -> list[ExportDecision]:
    """What is said of customers whose ids differ in nothing but zeros, capitals, blanks or a ".0", and of ids of which
    a spreadsheet left the first digits. `exported`: the tables that are; `look`: into a table, for something."""
    keys = (look(table, "alike_keys", partial(_alike_keys, connection, table)) for table in _KEYED)
    return [
        *_alike_customers(connection),
        *_alike_aliases(connection),
        *chain.from_iterable(keys),
        *_powers(connection, exported, look),
        *_nobody(connection, exported),
    ]


def missed_customers(connection: duckdb.DuckDBPyConnection) -> list[ExportDecision]:
    """Ids that [customers] leave_out names and no row has, where customers with ids much like them stay; and a list of
    which nobody was left out."""
    alike = rows_of(
        connection,
        f"""
        select left_out.customer_id, customers.customer_id from left_out inner join customers
            on {_likeness("left_out.customer_id")} = {_likeness("customers.customer_id")}
            and left_out.customer_id <> customers.customer_id
        order by all
        """,
    )
    (named,), (rows,) = (
        row_of(connection, "select count(*) from left_out"),
        row_of(connection, "select count(*) from rejected_rows where reason = ?", [LEFT_OUT]),
    )
    if not alike and (not named or rows):
        return []
    given, other = alike[0] if alike else row_of(connection, "select min(customer_id), '' from left_out")
    are = plural(len(alike), "is", "are")
    ids = f"{counted(len(alike), 'customer')} with an id like one of its ids {are} not left out."
    return [
        ExportDecision(
            where="kviboard.toml, [customers] leave_out",
            what=ids if alike else "Nobody is left out: no row has one of its ids.",
            example=f'it has "{given}", the exports have "{other}"' if alike else f'"{given}"',
            setting="Write the ids as the exports do.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _alike_customers(connection: duckdb.DuckDBPyConnection) -> list[ExportDecision]:
    groups, ids, pair = row_of(
        connection,
        f"""
        with alike as (
            select {_likeness("customer_id")} as likeness, count(*) as ids, list_sort(list(customer_id))[:2] as pair
            from customers group by likeness having count(*) > 1
        )
        select count(*), sum(ids)::bigint, min(pair) from alike
        """,
    )
    if not groups:
        return []
    but = "but for leading zeros, capitals, blanks, .0 or letters that look the same"
    differ = f"{ids:,} customer ids are {counted(groups, 'id')} {but}"
    return [
        ExportDecision(
            where="The ids of customers",
            what=f"{differ}; each counts as a customer of its own.",
            example=listed([f'"{each}"{_found_in(connection, each)}' for each in pair], "and"),
            setting="Where they are one, name them in [customers] aliases, or write them alike in queries/staging.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _alike_aliases(connection: duckdb.DuckDBPyConnection) -> list[ExportDecision]:
    """Customers whose id is one that another customer is known as, but for capitals and the like."""
    if not rows_of(connection, "select 1 from customer_aliases limit 1"):
        return []
    customers, pair = row_of(
        connection,
        f"""
        select count(distinct customers.customer_id), min([customers.customer_id, known_as])
        from customers inner join customer_aliases
            on {_likeness("customers.customer_id")} = {_likeness("known_as")}
            and customers.customer_id <> customer_aliases.customer_id
        """,
    )
    if not customers:
        return []
    has = plural(customers, "has an id", "have ids")
    return [
        ExportDecision(
            where="kviboard.toml, [customers] aliases",
            what=f"{counted(customers, 'customer')} {has} like one that another is known as, but for capitals or "
            "zeros; each counts as a customer of its own.",
            example=listed([f'"{each}"' for each in pair], "and"),
            setting="Where they are one, write the ids alike, in the exports or in queries/staging.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _alike_keys(connection: duckdb.DuckDBPyConnection, table: str) -> list[ExportDecision]:
    """Orders, answers or tickets whose ids differ only in how they are written, as 00042, 42, 42.0, #42 and 1,042."""
    name = quoted(CONTRACT[table].key[0])
    if not _may_be_alike(connection, table, name):
        return []
    count, pair = row_of(
        connection,
        f"""
        with alike as (
            select {_likeness(name)} as likeness, count(*) - 1 as more, list_sort(list({name}))[:2] as pair
            from {table} where {name} is not null group by likeness having count(distinct {name}) > 1
        )
        select sum(more)::bigint, min(pair) from alike
        """,
    )
    if not count:
        return []
    pairs = f"{counted(count, name[1:-1])} {plural(count, 'is', 'are')} there a second time"
    return [
        ExportDecision(
            where=f"The {table} export",
            what=f"{pairs} but for zeros before or .0 behind the number, capitals, # or commas; each counts as one of "
            "its own.",
            example=listed([f'"{each}"' for each in pair], "and"),
            setting=f"Where they are one, write them alike in queries/staging/{table}.sql.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _may_be_alike(connection: duckdb.DuckDBPyConnection, table: str, name: str) -> bool:
    """Whether ids are written in several ways at all: with and without capitals, zeros before them or signs in them."""
    signs = " or ".join(f"contains({name}, {literal(sign)})" for sign in '#,. "')
    ways = (f"starts_with({name}, '0')", signs, f"length({name}) <= {_SHORT} and {name} <> lower({name})",
            f"length({name}) < strlen({name})")  # fmt: skip
    both = " or ".join(f"(bool_or({way}) and not bool_and({way}))" for way in ways)
    return bool(row_of(connection, f"select coalesce({both}, false) from {table}")[0])


def _likeness(name: str) -> str:
    """SQL: the same for ids that differ only in what spreadsheets and systems add or leave out."""
    small = f"lower(cast({name} as varchar))"
    letters, twins = (literal("".join(each)) for each in (_TWINS, _TWINS.values()))
    plain = f"case when strlen({small}) = length({small}) then {small} else translate({small}, {letters}, {twins}) end"
    bare = f"regexp_replace({plain}, '^[#''\"]+|[''\"]+$|\\s+', '', 'g')"
    grouped = (
        f"case when regexp_matches({bare}, '^\\d{{1,3}}(,\\d{{3}})+$') then replace({bare}, ',', '') else {bare} end"
    )
    whole = f"regexp_replace({grouped}, '^(\\d+)[.,]0+$', '\\1')"
    return f"regexp_replace({whole}, '^([^0-9]*)0+([0-9])', '\\1\\2')"


def _nobody(connection: duckdb.DuckDBPyConnection, exported: Collection[str]) -> list[ExportDecision]:
    """Words such as guest or N/A where the id of a customer is needed: all such rows count as one customer's."""
    said: list[ExportDecision] = []
    if not _is_any_customer(connection, f"lower(customer_id) in ({nobody_words()}) or customer_id in ({_ZEROS})"):
        return said
    for table in (table for table in ("orders", "responses", "tickets", "activity") if table in exported):
        words = rows_of(
            connection,
            f"select customer_id, count(*) from {table} where lower(customer_id) in ({nobody_words()}){_zero(table)} "
            "group by customer_id order by count(*) desc, customer_id",
        )
        if words:
            rows, word = sum(count for _, count in words), words[0][0]
            hint = f"Give each buyer an id in queries/staging/{table}.sql, or set these rows aside there."
            if table == "orders":
                hint = "Where they are orders of guests, set guest_orders = true for their source: they count in "
                hint += "turnover then, and in nothing that is counted by customer."
            if table == "responses":  # which takes answers of nobody, and has none of the other words by now
                hint = "Where it is nobody's, return null for it in queries/staging/responses.sql: select * replace "
                hint += "(nullif(customer_id, '0') as customer_id) from source.responses"
            what = f"{counted(rows, 'row')} {plural(rows, 'has', 'have')} a word for nobody as customer_id, and "
            said.append(
                ExportDecision(
                    where=f"The {table} export",
                    what=f"{what}{plural(rows, 'counts', 'count')} as those of a customer of that name.",
                    example=f'"{word}"',
                    setting=hint,
                    level="warning",
                    moves_kvis=True,
                )
            )
    return said


def _zero(table: str) -> str:
    """SQL: or the id 0 where it has far more rows than others have, as shops write it for buyers without an account."""
    rows = f"select count(*) from {table} where customer_id in ({_ZEROS})"
    each = f"(select count(*) from {table}) / (select greatest(count(*), 1) from customers)"
    return f" or (customer_id in ({_ZEROS}) and ({rows}) >= greatest({_MANY}, {_FAR_MORE} * {each}))"


def _found_in(connection: duckdb.DuckDBPyConnection, customer: str) -> str:
    """ " in orders and tickets"; in customers where it has no row of another table."""
    found = [
        table
        for table in _TABLES
        if table != "customers"
        and rows_of(connection, f"select 1 from {table} where customer_id = ? limit 1", [customer])
    ]
    return f" in {listed(found or ['customers'], 'and')}"


def _powers(
    connection: duckdb.DuckDBPyConnection,
    exported: Collection[str],
    look: Callable[[str, str, Look], list[ExportDecision]],
) -> list[ExportDecision]:
    """Ids such as 1.23E+11: a spreadsheet's, with all but the first digits gone."""
    said = []
    is_any = _is_any_customer(connection, _is_power("customer_id"))
    for table in (table for table in _TABLES if table in exported):
        for column in CONTRACT[table].columns:
            if column.kind == "id" and (is_any or column.name != "customer_id"):
                said += look(table, f"{column.name}_powers", partial(_power, connection, table, column))
    return said


def _is_any_customer(connection: duckdb.DuckDBPyConnection, condition: str) -> bool:
    """Whether any customer has such an id: all that the exports name are among them, far fewer than their rows."""
    return bool(rows_of(connection, f"select 1 from customers where {condition} limit 1"))


def _is_power(name: str) -> str:
    return f"contains(lower({name}), 'e') and regexp_matches({name}, {literal(_POWER)})"


def _power(connection: duckdb.DuckDBPyConnection, table: str, column: Column) -> list[ExportDecision]:
    name = quoted(column.name)
    rows, ids, example = row_of(
        connection, f"select count(*), count(distinct {name}), min({name}) from {table} where {_is_power(name)}"
    )
    if not rows:
        return []
    values = (
        f"{counted(rows, 'row')} {plural(rows, 'has', 'have')} a {column.name} as spreadsheets shorten long numbers"
    )
    return [
        ExportDecision(
            where=f"The {table} export",
            what=f"{values}: digits are lost, so {counted(ids, 'id')} may stand for more.",
            example=f'"{example}"',
            setting="Export them as text, without opening and saving the file in a spreadsheet.",
            level="warning",
            moves_kvis=True,
        )
    ]


def invisible_letters(connection: duckdb.DuckDBPyConnection, place: Place, column: Column) -> list[ExportDecision]:
    """What is said of ids that are compared without characters that nobody sees, or in another Unicode form."""
    written = f"cast({quoted(column.name)} as varchar)"
    if not rows_of(connection, f"select 1 from {place.rows} where strlen({written}) <> length({written}) limit 1"):
        return []  # as most: they are ASCII
    value = clean_text(column.name, keeps_tokens=True)
    count, *first = row_of(
        connection,
        f"""
        select count(*), {FIRST_WRITTEN}
        from (select {value} as v, {FILE}, {LINE} from {place.rows})
        where strlen(v) <> length(v) and v <> {bare_id("v")}
        """,
    )
    if not count:
        return []
    values = f"{counted(count, 'value')} of {column.name} {plural(count, 'holds', 'hold')} characters that nobody sees"
    return [
        ExportDecision(
            where=place.export,
            what=f"{values}, or letters made of several; {plural(count, 'it is', 'they are')} compared without, in one "
            "Unicode form.",
            example=WrittenValues(count, *first).example,
            setting=f"Where they are different ids, give them others in queries/staging/{place.table}.sql.",
            moves_kvis=True,
        )
    ]
