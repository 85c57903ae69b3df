"""How the values of one column are read: decided on all of them, said, or refused where they do not decide it.

Owns the order of the questions and their sentences; the answers are found in the modules of each kind of value.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, listed, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import quoted
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.alike_ids import invisible_letters
from kviboard.warehouse.staging.columns.beside_amounts import doubts_beside
from kviboard.warehouse.staging.columns.beside_scores import archived_answers, german_grades, turned_scales
from kviboard.warehouse.staging.columns.choice_codes import shifted_codes
from kviboard.warehouse.staging.columns.currencies import read_currencies
from kviboard.warehouse.staging.columns.date_readings import read_dates
from kviboard.warehouse.staging.columns.decimal_signs import decide_decimal_sign
from kviboard.warehouse.staging.columns.told_scales import doubtful_kinds, read_scales
from kviboard.warehouse.staging.values.cast import Rules, are_clean, clean_text, is_native
from kviboard.warehouse.staging.values.dates import DateStyle
from kviboard.warehouse.staging.values.durations import (
    OF_TYPES,
    UNITS,
    are_hours,
    find_clocks_without_seconds,
    find_long_times,
    find_short_clocks,
    unit_in_name,
)
from kviboard.warehouse.staging.values.money import money_type, native_money_type
from kviboard.warehouse.staging.values.money_names import factor_in_name, is_called_hundredfold
from kviboard.warehouse.staging.values.numbers import are_plain
from kviboard.warehouse.staging.values.place import Place, StagingError
from kviboard.warehouse.staging.values.scores import find_labels, highest, is_called_like_stars, scale_in_name


@dataclass
class ColumnReading:
    """How a column is read, and what was decided."""

    rules: Rules
    dates: DateStyle = field(default_factory=DateStyle)
    decisions: list[ExportDecision] = field(default_factory=list)
    currency: str | None = None  # SQL for what an amount is converted from
    scale: str | None = None  # SQL for the scale that is told of a score


def read_column(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, found_type: str, rules: Rules
) -> ColumnReading:
    """Decide how to read `column`. Raises StagingError where it can be read in two ways and nothing decides."""
    reading = ColumnReading(rules)
    is_typed = is_native(column, found_type, place.is_text)
    is_number = column.kind in ("money", "minutes", "rating", "score")
    is_plain = is_number and not is_typed and are_plain(connection, place.rows, column.name)
    if column.kind in ("day", "time"):
        reading.dates, reading.decisions = read_dates(connection, place, column, found_type, rules)
    elif column.kind == "id" and not is_typed:
        _read_ids(connection, place, column, reading)
    elif column.kind == "money":
        currencies = read_currencies(connection, place, column, not is_typed, rules, is_plain)
        reading.currency = currencies.of_row
        reading.rules, said = _factor(place, column, rules)
        reading.decisions += [*currencies.decisions, *said, *doubts_beside(connection, place, column)]
    elif column.kind == "minutes":
        reading.rules, said = _unit(place, column, rules)
        value = quoted(column.name) if is_typed else clean_text(column.name, keeps_tokens=False)
        long = _long_times(connection, place, column, f"try_cast({value} as double)", reading.rules)
        reading.decisions += [*said, *long]
    elif column.kind == "score":
        _read_scores(connection, place, column, reading, is_plain)
    if is_number and is_plain and rules.decimal != ",":
        reading.rules = replace(reading.rules, decimal=".", are_plain=True)
    elif is_number and not is_typed:
        decimal, said = decide_decimal_sign(connection, place, column, rules.decimal)
        reading.rules = replace(reading.rules, decimal=decimal)
        reading.decisions += said
    if column.kind == "money" and is_typed:
        exact = native_money_type(connection, place.rows, column.name, found_type)
        reading.rules = replace(reading.rules, money=exact)
    if is_number and not is_typed and not is_plain:
        _read_words(connection, place, column, reading)
    return reading


def _read_ids(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, reading: ColumnReading) -> None:
    if are_clean(connection, place.all_rows, column.name):  # who is excluded in one table is so in others
        reading.rules = replace(reading.rules, are_plain=True)
    else:
        reading.decisions += invisible_letters(connection, place, column)


def _read_scores(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, reading: ColumnReading, is_plain: bool
) -> None:
    """The scale, which the column's names, a column beside it or the scores themselves tell."""
    rules = reading.rules
    if not rules.scales.is_given:
        reading.rules, said = _scale(connection, place, column, rules)
        reading.decisions += said
    reading.decisions += [*archived_answers(connection, place), *german_grades(connection, place, column, rules)]
    reading.decisions += turned_scales(connection, place, column)
    told = read_scales(connection, place, column, reading.rules, is_plain)
    reading.decisions += told.decisions
    reading.scale = told.of_row
    if told.of_row:
        reading.rules = replace(reading.rules, scales=replace(reading.rules.scales, is_told=True))
    else:
        reading.decisions += doubtful_kinds(connection, place, column, reading.rules)
        reading.decisions += shifted_codes(connection, place, column, reading.rules)


def _read_words(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, reading: ColumnReading) -> None:
    """What numbers are written with besides digits: as many decimals as there are, labels, clocks."""
    if column.kind == "money":
        value = clean_text(column.name, keeps_tokens=False)
        reading.rules = replace(reading.rules, money=money_type(connection, place.rows, value, reading.rules.decimal))
    elif column.kind == "score":
        reading.decisions += _labels(connection, place, column)
    elif column.kind == "minutes":
        reading.decisions += _short_clocks(connection, place, column, reading.rules.clocks_are_hours)
        reading.decisions += _clocks_without_seconds(connection, place, column)


def _unit(place: Place, column: Column, rules: Rules) -> tuple[Rules, list[ExportDecision]]:
    """The unit of plain numbers that the column's type, or its names, in the files tell."""
    if place.units:
        return replace(rules, minute=UNITS[_unit_of_type(place, column)]), []
    units = {header: unit_in_name(header) or "minutes" for header in place.headers}
    if len(set(units.values())) > 1:
        names = listed([f'"{header}"' for header in units])
        what = f"{column.name} is called {names}, which are not of one unit."
        hint = f"Rename one of them only, and compute the minutes of the other in queries/staging/{place.table}.sql."
        raise StagingError(Problem(f"kviboard.toml, [sources.{place.source}] rename", what, hint))
    unit = next(iter(units.values()), "minutes")
    rules = replace(rules, clocks_are_hours=bool(units) and all(map(are_hours, units)))
    if unit == "minutes":
        return rules, []
    names = listed([f'"{header}"' for header in place.headers])
    said = ExportDecision(
        where=place.export,
        what=f"{column.name} is called {names}, so its plain numbers are read as {unit}.",
        setting=f"Where they are minutes, return them under a name of their own in queries/staging/{place.table}.sql.",
        moves_kvis=True,
    )
    return replace(rules, minute=UNITS[unit]), [said]


def _unit_of_type(place: Place, column: Column) -> str:
    """The unit of typed durations. Raises StagingError where files have several."""
    (first, unit), *_ = place.units.items()
    other = next((file for file, each in place.units.items() if each != unit), None)
    if other is None:
        return OF_TYPES[unit]
    both = [OF_TYPES.get(place.units[file], "plain numbers") for file in (first, other)]
    what = f"{column.name} holds {both[0]} in {first} and {both[1]} in {other}."
    hint = f"Export one type, or compute the minutes by _file in queries/staging/{place.table}.sql."
    raise StagingError(Problem(f"kviboard.toml, [sources.{place.source}] files", what, hint))


def _long_times(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, number: str, rules: Rules
) -> list[ExportDecision]:
    """Times beyond a day, of one event or one day: where most are so long, they hardly are of that unit."""
    found = find_long_times(connection, place.rows, number, rules.minute)
    if found is None:
        return []
    unit = next(unit for unit, size in UNITS.items() if size == rules.minute)
    are = plural(found.written.count, "is", "are")
    what = f"{counted(found.written.count, 'value')} of {column.name} {are} longer than a day, read as {unit}"
    what += f", of {found.of:,}: they may be seconds or less." if found.is_unit_doubtful else ", and count."
    query = f"select * replace (cast({column.name} as double) / 60 as {column.name}) from source.{place.source}"
    return [
        ExportDecision(
            where=place.export,
            what=what,
            example=found.written.example,
            setting=f"Where they are not, correct them in queries/staging/{place.table}.sql; of seconds, {query}.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _factor(place: Place, column: Column, rules: Rules) -> tuple[Rules, list[ExportDecision]]:
    """Cents or thousands, as the column's names in the files tell."""
    factors = {header: factor_in_name(header) for header in place.headers}
    names = listed([f'"{header}"' for header in factors])
    if len(set(factors.values())) > 1:
        what = f"{column.name} is called {names}, which are not of one unit."
        hint = f"Compute the amounts in queries/staging/{place.table}.sql."
        raise StagingError(Problem(f"kviboard.toml, [sources.{place.source}] rename", what, hint))
    factor = next(iter(factors.values()), "")
    if not factor:
        return rules, [_hundredfold(place, column, names)] if any(map(is_called_hundredfold, factors)) else []
    unit = {"0.01": "cents, 100 of which are 1", "0.000001": "millionths", "1000": "thousands"}.get(factor, "millions")
    said = ExportDecision(
        where=place.export,
        what=f"{column.name} is called {names}, so its numbers are read as {unit}.",
        setting=f"Where they are not, return them under a name of their own in queries/staging/{place.table}.sql.",
        moves_kvis=True,
    )
    return replace(rules, factor=factor), [said]


def _hundredfold(place: Place, column: Column, names: str) -> ExportDecision:
    paid = f"cast({column.name} as double) / 100 as {column.name}"
    return ExportDecision(
        where=place.export,
        what=f"{column.name} is called {names}, and its numbers are read as they are: they may be 100 times what was "
        "paid, or hundreds.",
        setting=f"Where they are 100 times as much, divide them in queries/staging/{place.table}.sql: "
        f"select * replace ({paid}) from source.{place.source}",
        level="warning",
        moves_kvis=True,
    )


def _scale(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, rules: Rules
) -> tuple[Rules, list[ExportDecision]]:
    """The scale that the column's names in the files tell, where no setting names one."""
    told = {scale_in_name(header) for header in place.headers}
    names = " and ".join(f'"{header}"' for header in place.headers)
    scale, in_force = next(iter(told), ""), rules.scales.default
    what = ""
    if len(told) == 1 and scale and scale != in_force:
        rules = replace(rules, scales=replace(rules.scales, default=scale))
        what = f"{column.name} is called {names}, so it is read on a scale of {scale.replace('-', '–')}."
    elif len(told) > 1 or any(map(is_called_like_stars, place.headers)):
        if highest(connection, place.rows, quoted(column.name)) > 5:
            return rules, []
        what = (
            f"{column.name} is called {names} and never above 5, and read on a scale of {in_force.replace('-', '–')}."
        )
    if not what:
        return rules, []
    setting = f'[sources.{place.source}] scale settles it, "1-5" or "{in_force}".'
    level: Literal["note", "warning"] = "note" if scale and len(told) == 1 else "warning"
    return rules, [ExportDecision(where=place.export, what=what, setting=setting, level=level, moves_kvis=True)]


def _short_clocks(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, are_hours: bool
) -> list[ExportDecision]:
    found = find_short_clocks(connection, place.rows, clean_text(column.name, keeps_tokens=False))
    if found is None:
        return []
    first, second = found.example.split(":")
    values = f"{counted(found.count, 'value')} of {column.name} {plural(found.count, 'is', 'are')}"
    if are_hours:
        names = listed([f'"{header}"' for header in place.headers])
        said = f"{values} written like {found.example} and read as hours and minutes, as {names} says."
        return [
            ExportDecision(where=place.export, what=said, setting="Another name decides otherwise.", moves_kvis=True)
        ]
    return [
        ExportDecision(
            where=place.export,
            what=f"{values} written like {found.example} and read as minutes and seconds.",
            example=f"{found.example} is {int(first)} min {int(second)} s, not {int(first)} h {int(second)} min",
            setting=f"Where it is hours and minutes, compute the minutes in queries/staging/{place.table}.sql.",
            level="note" if found.is_decided else "warning",
            moves_kvis=True,
        )
    ]


def _clocks_without_seconds(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column
) -> list[ExportDecision]:
    """What a spreadsheet made of durations that were typed without hours, unless the column's name has them."""
    found = find_clocks_without_seconds(connection, place.rows, clean_text(column.name, keeps_tokens=False))
    if found is None or any(":mm" in header.casefold() for header in place.headers):
        return []
    count, example = found
    typed = example.removesuffix(":00")
    plain = f"select * replace (regexp_replace({column.name}, ':00$', '') as {column.name}) from source.{place.source}"
    return [
        ExportDecision(
            where=place.export,
            what=f"{counted(count, 'value')} of {column.name} {plural(count, 'is', 'are')} like {example}, all without "
            f"seconds, and read as hours and minutes: a spreadsheet writes minutes and seconds like {typed} so, too.",
            setting=f"Where they are minutes and seconds, say so in queries/staging/{place.table}.sql: {plain}",
            level="warning",
            moves_kvis=True,
        )
    ]


def _labels(connection: duckdb.DuckDBPyConnection, place: Place, column: Column) -> list[ExportDecision]:
    found = find_labels(connection, place.rows, clean_text(column.name, keeps_tokens=False))
    if found is None:
        return []
    table, example = place.table, found.written.example
    if found.is_reversed:
        what = f"{column.name} has labels whose best answer is the lowest number, such as {example}."
        hint = f"Turn the numbers round in queries/staging/{table}.sql."
        raise StagingError(Problem(f"The {table} export", what, hint))
    count = found.written.count
    labels = f"{counted(count, 'value')} of {column.name} {plural(count, 'is a label', 'are labels')}"
    return [
        ExportDecision(
            where=f"The {table} export",
            what=f"{labels}, read by the number in {plural(count, 'it', 'them')}.",
            example=f"{example} is {found.number}",
            setting=f"Where another number is meant, choose it in queries/staging/{table}.sql.",
            moves_kvis=True,
        )
    ]
