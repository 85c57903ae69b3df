"""Survey scores: the number that an answer gives, the scale it is on, and what is odd about either."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb

from kviboard.domain.formatting import counted, listed, plural
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.letters import LETTER, LETTERS
from kviboard.warehouse.staging.values.numbers import WrittenValues, plain_number

SCALES = {
    "0-10": (0, 10, "{n}"),
    "1-10": (1, 10, "{n}"),
    "1-5": (1, 5, "{n} * 2"),
    "1-7": (1, 7, "round(({n} - 1) / 0.6)"),
}
"""Lowest and highest answer, and SQL for an answer as 0–10: of seven, 7 is 10, 6 is 8 and 5 is 7, so that the two best
of five and of seven are satisfied, and the best are promoters."""
_AS_GIVEN = "case scale when '1-5' then score // 2 when '1-7' then round(score * 0.6 + 1)::integer else score end"
"""SQL: the answer that a score was made of."""
OWN_SCALE = "the Net Promoter Score is made of these, and compares with no other company's."
_BEYOND_NUMBERS = r"[^\d\s.,+-]"
_SEPARATORS = r"\s*[-–—:=.)(\[]*\s*"
_LEADING = rf"^(\d{{1,2}}){_SEPARATORS}[{LETTERS}★⭐]"
_TRAILING = rf"^[^\d]*{LETTER}[^\d]*[\s(:=–—-](\d{{1,2}})[\])]?$"
OF = r"(?i)^(\d{1,2})\s*(?:/|of|out of|von|sur|de|di|van)\s*(\d{1,3})\b"
_RANGE = r"(?i)^\d{1,2}\s*(?:-|–|—|to|or|and|bis|oder|und)\s*\d"
_BEST = (
    "extremely likely",
    "very likely",
    "very satisfied",
    "excellent",
    "strongly agree",
    "very good",
    "outstanding",
    "sehr zufrieden",
    "sehr gut",
    "ausgezeichnet",
    "sehr wahrscheinlich",
    "äußerst wahrscheinlich",
    "stimme voll",
    "très satisfait",
    "très bien",
    "très probable",
    "muy satisfech",
    "muy bueno",
    "muy probable",
    "excelente",
    "zeer tevreden",
    "uitstekend",
    "zeer waarschijnlijk",
    "meget tilfreds",
    "fremragende",
    "molto soddisfatt",
    "ottimo",
)
_WORST = (
    "not at all",
    "unlikely",
    "dissatisfied",
    "poor",
    "terrible",
    "disagree",
    "very bad",
    "unzufrieden",
    "mangelhaft",
    "ungenügend",
    "schlecht",
    "unwahrscheinlich",
    "überhaupt nicht",
    "stimme nicht",
    "insatisf",
    "mauvais",
    "pas du tout",
    "peu probable",
    "malo",
    "nada",
    "poco probable",
    "ontevreden",
    "slecht",
    "onwaarschijnlijk",
    "helemaal niet",
    "utilfreds",
    "dårlig",
    "insoddisfatt",
    "pessimo",
    "per niente",
)  # fmt: skip  -- words for the worst answer go first: "unzufrieden" holds "zufrieden"
TO_FIVE = r"(?i)csat|\bces\b|stars?\b|stern|étoile|smiley|satisf|zufried|tevred|effort|1 ?[-–] ?5"
"""Pattern of what kinds of answers, and files of them, are called that mostly end at 5."""
_FEWEST = 8  # of a whole source or survey; of one file among several it takes more, which may only hold unhappy ones
_ENOUGH = "if(min(low) >= 1 and max(high) <= 5, 20, 40)"
"""SQL: of how many answers it is unlikely that all are so low by chance."""


@dataclass(frozen=True)
class Scales:
    """The scale of the answers, and of those to a survey that has one of its own."""

    default: str = "0-10"
    by_survey: tuple[tuple[str, str], ...] = ()  # survey, scale
    is_given: bool = False  # whether a setting names the default
    is_told: bool = False  # whether rows tell their own, in the column _scale

    def sql(self, choose: Mapping[str, str]) -> str:
        """SQL: of `choose`, by scale, the expression of a row's own scale."""
        if self.is_told:
            told = "".join(f" when {literal(scale)} then {each}" for scale, each in choose.items())
            return f"case _scale{told} else {replace(self, is_told=False).sql(choose)} end"
        cases = "".join(f" when {literal(survey)} then {choose[scale]}" for survey, scale in self.by_survey)
        survey = f"lower(trim(cast({quoted('survey__found')} as varchar)))"
        return f"case {survey}{cases} else {choose[self.default]} end" if cases else choose[self.default]


def scale_in_name(column: str) -> str:
    """The scale that a column's name tells, as "Score (1-5)"; "" for none of the known ones."""
    found = re.search(r"(?<!\d)(\d)\s*(?:-|–|—|to|bis|à|tot)\s*(\d{1,2})(?!\d)", column)
    scale = f"{found[1]}-{found[2]}" if found else ""
    return scale if scale in SCALES else ""


def is_called_like_stars(column: str) -> bool:
    """Whether a column's name is one of scores that mostly end at 5."""
    return bool(re.search(r"csat|star|smiley|sterne|étoiles", column.casefold()))


def highest(connection: duckdb.DuckDBPyConnection, rows: str, value: str) -> float:
    """The highest plain number of `value` (SQL) in `rows` (SQL); 0 where there is none."""
    return float(rows_of(connection, f"select coalesce(max(try_cast({value} as double)), 0) from {rows}")[0][0])


def number_of(value: str, decimal: str, is_text: bool, scales: Scales) -> str:
    """SQL: the number that an answer gives on its own scale; null where it gives none. `is_text`: it may be a label."""
    if not is_text:
        return f"try_cast({value} as double)"
    return scales.sql({scale: _number(value, decimal, scale) for scale in SCALES})


def score_of(number: str, scales: Scales) -> str:
    """SQL: a score as 0–10, in which the best of each scale is a promoter; null where it is none."""
    return scales.sql({scale: _scaled(number, scale) for scale in SCALES})


def refusal_of(value: str, number: str, not_one: str, scales: Scales) -> str:
    """SQL: why a score that is none is refused; `not_one` is said of what is no number."""
    return scales.sql({scale: _refusal(value, number, not_one, scale) for scale in SCALES})


def scale_of(scales: Scales) -> str:
    """SQL: the name of a row's scale."""
    return scales.sql({scale: literal(scale) for scale in SCALES})


@dataclass(frozen=True)
class Labels:
    """Scores that are labels with a number in them: one of them with its place, and whether the best is the lowest."""

    written: WrittenValues
    number: int
    is_reversed: bool


def plain_scores(value: str) -> str:
    """SQL: those of a column's values that are numbers and no labels."""
    return f"case when not regexp_matches({value}, {literal(_BEYOND_NUMBERS)}) then {value} end"


def find_labels(connection: duckdb.DuckDBPyConnection, rows: str, value: str) -> Labels | None:
    """What `value` (SQL) holds of labels in `rows` (SQL); None where it holds none."""
    found = rows_of(
        connection,
        f"""
        select v, cast({_labelled("v")} as integer) as number, count(*), arg_min({FILE}, ({FILE}, {LINE})), min({LINE})
        from (select {value} as v, {FILE}, {LINE} from {rows})
        where regexp_matches(v, {literal(_BEYOND_NUMBERS)}) and number is not null
        group by all order by min(({FILE}, {LINE}))
        """,
    )
    if not found:
        return None
    label, number, _, file, line = found[0]
    written = WrittenValues(sum(count for _, _, count, *_ in found), label, file, line)
    worst = [number for label, number, *_ in found if any(word in label.casefold() for word in _WORST)]
    best = [n for label, n, *_ in found if n not in worst and any(word in label.casefold() for word in _BEST)]
    return Labels(written, number, bool(best and worst) and max(best) < min(worst))


def doubtful_scales(connection: duckdb.DuckDBPyConnection, relation: str, valid: str) -> list[ExportDecision]:
    """Sources, or files, of which all answers to a survey lie far below the end of their scale."""
    if row_of(connection, f"select count(*) from {relation}")[0] < _FEWEST:
        return []
    found = rows_of(
        connection,
        f"""
        select
            _source, case when count(distinct {FILE}) = 1 then min({FILE}) end, survey, any_value(scale),
            sum(answers)::bigint, min(low), max(high), sum(answers) < {_ENOUGH}, grouping({FILE}) = 1 as is_whole
        from (
            select
                _source, {FILE}, survey, scale, count(*) as answers,
                min(given) as low, max(given) as high
            from (select *, {_AS_GIVEN} as given from {relation})
            where {valid} and _scale is null group by all
        )
        group by grouping sets ((_source, survey), (_source, survey, {FILE}))
        having case
            when any_value(scale) = '1-5' then max(high) <= 4 and is_whole and sum(answers) >= {_ENOUGH}
            when any_value(scale) = '1-7' then max(high) <= 5 and is_whole and sum(answers) >= {_ENOUGH}
            else max(high) <= 7 and sum(answers) >= if(
                is_whole or regexp_matches(min({FILE}), {literal(TO_FIVE)}), {_FEWEST}, {_ENOUGH}
            )
        end
        order by all
        """,
    )
    whole = {(source, survey) for source, _, survey, *_, is_whole in found if is_whole}
    return [
        _doubt(source, file, survey, *facts)
        for source, file, survey, *facts, is_whole in found
        if is_whole or (source, survey) not in whole
    ]


def other_scales(connection: duckdb.DuckDBPyConnection) -> list[ExportDecision]:
    """What is said of answers on another scale than 0–10, on which the Net Promoter Score is defined."""
    found = rows_of(connection, "select scale, count(*), min(response_id) from responses group by scale order by scale")
    others = [(scale, count, example) for scale, count, example in found if scale != "0-10"]
    if not others:
        return []
    answers, other = sum(count for _, count, _ in found), sum(count for _, count, _ in others)
    of = f"{other:,} of {answers:,} answers" if other < answers else f"All {counted(answers, 'answer')}"
    are = f"{of} {plural(other, 'is', 'are')} on a scale of {listed([s.replace('-', '–') for s, *_ in others], 'or')}"
    if other < answers:
        what = f"{are}: they count in satisfaction, 8+ and revenue by score, not in the Net Promoter Score."
    else:
        what = f"{are}, and none on 0–10: {OWN_SCALE}"
    return [
        ExportDecision(
            where="The responses export",
            what=what,
            example=f"response {others[0][2]}",
            setting="Where that is not so, set the right scale of the source or the survey.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _doubt(
    source: str, file: str | None, survey: str | None, scale: str, count: int, low: int, high: int, are_few: bool
) -> ExportDecision:
    answers = f"{counted(count, 'answer')}{f' to the {survey} survey' if survey else ''}"
    places = f"[sources.{source}]" + (f" or [surveys.{survey}]" if survey else "")
    last = 5 if high <= 5 else 7
    hint = f'If they are given from 1 to {last}, set scale = "1-{last}" in {places}.'
    if low < 1 or scale == "1-5":
        to = scale.replace("1-10", "0-10").replace("-", "–")
        hint = f"If their scale ends there, translate them to {to} in queries/staging/responses.sql."
    doubt = "; of so few, that may be chance" if are_few else ""
    read = f"and are read on a scale of {scale.replace('-', '–')}{doubt}."
    lie = f"lie between {low} and {high}" if low < high else f"are {low}"
    return ExportDecision(
        where=file or "The responses export",
        what=f"All {answers} {lie}, {read}",
        setting=hint,
        level="warning",
        moves_kvis=True,
    )


def _number(value: str, decimal: str, scale: str) -> str:
    labelled = (
        f"case when regexp_matches({value}, {literal(_BEYOND_NUMBERS)}) then {_labelled(value, SCALES[scale][1])} end"
    )
    return f"coalesce(try_cast({plain_number(value, decimal)} as double), {labelled})"


def _labelled(value: str, highest: int | None = None) -> str:
    """SQL: the number of a label such as "10 - Extremely likely", "4 of 5" (of `highest`) or "Very satisfied (5)"."""

    def part(pattern: str, place: int = 1) -> str:
        return f"try_cast(regexp_extract({value}, {literal(pattern)}, {place}) as double)"

    of = f"case when {part(OF, 2)} = {highest} then {part(OF)} end" if highest else part(OF)
    return (
        f"case when regexp_matches({value}, {literal(OF)}) then {of} "
        f"when not regexp_matches({value}, {literal(_RANGE)}) then coalesce({part(_LEADING)}, {part(_TRAILING)}) end"
    )


def _scaled(number: str, scale: str) -> str:
    low, high, as_ten = SCALES[scale]
    within = f"{number} between {low} and {high} and {number} = floor({number})"
    return f"case when {within} then cast({as_ten.format(n=number)} as integer) end"


def _refusal(value: str, number: str, not_one: str, scale: str) -> str:
    low, high, _ = SCALES[scale]
    text = f"cast({value} as varchar)"
    shown = f"'score ' || {text} || "
    outside = literal(f" is outside {low}–{high}")
    return (
        f"case when {number} is null and not regexp_matches({text}, {literal(OF)}) then {literal(not_one)} "
        f"when {number} is null or {number} not between {low} and {high} then {shown}{outside} "
        f"else {shown}{literal(' is not a whole number')} end"
    )
