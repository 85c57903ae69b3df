"""The scale that an export tells of each answer: in a column beside the scores, or in a score such as "4 of 5"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, listed, plural
from kviboard.domain.names import likeness
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import Rules, clean_text
from kviboard.warehouse.staging.values.numbers import WrittenValues
from kviboard.warehouse.staging.values.place import Place, StagingError
from kviboard.warehouse.staging.values.scores import OF, SCALES, TO_FIVE

_NAMES = {
    "scale": {
        "scale", "scaletype", "ratingscale", "scorescale", "answerscale", "surveyscale", "questionscale", "scaleused",
        "range", "ratingrange", "scorerange",
        "skala", "bewertungsskala", "antwortskala", "skalentyp", "schaal", "echelle", "échelle", "escala",
    },
    "highest": {
        "scalemax", "scalemaximum", "scaleto", "scaleend", "maxscale", "maxscore", "maximumscore", "highestscore",
        "scoremax", "scoremaximum", "scoreoutof", "outof", "ratingmax", "maxrating", "maximumrating", "ratingoutof",
        "maxpoints", "maximumpoints", "possiblescore", "maxpossiblescore", "bestrating", "npsmax", "csatmax",
        "maxpunkte", "maximalpunktzahl", "höchstwert", "skalamax", "skalamaximum", "notemax", "notemaximale", "maxnote",
        "escalamax", "schaalmax",
    },
    "lowest": {
        "scalemin", "scaleminimum", "scalefrom", "scalestart", "minscale", "minscore", "minimumscore", "scoremin",
        "ratingmin", "minrating", "minpoints", "worstrating", "skalamin", "minpunkte", "notemin",
    },
}  # fmt: skip
_MOST = 4  # different ends of scales that one export has; more are the highest scores of something else
_ENOUGH, _CALLED_SO = 20, 8  # answers that are hardly all so low by chance; of a kind that is called like one to 5
_KIND = re.compile(r"question|metric|survey|type|kind|form|channel|touchpoint|frage|art$|umfrage|enquête|pregunta")
_BANDS = "promot|passiv|detract|kritik"  # groups that are made of scores
_SPAN = re.compile(r"(?<!\d)(\d{1,3})\s*(?:-|–|—|\.\.|…|/|to|bis|à|a|tot|til)\s*(\d{1,3})(?!\d)", re.IGNORECASE)
_END = re.compile(r"\D*(?<!\d)(\d{1,3})(?:[.,]0+)?(?!\d)\D*")
_WORDS = {"nps": (0, 10), "stars": (1, 5), "star": (1, 5), "sterne": (1, 5), "étoiles": (1, 5), "sterren": (1, 5)}


@dataclass(frozen=True)
class ToldScales:
    """`of_row`: SQL for the name of an answer's scale over the columns as found, null where none is told of it; None
    where none is told of any."""

    of_row: str | None = None
    decisions: list[ExportDecision] = field(default_factory=list)


@dataclass(frozen=True)
class _Told:
    """Answers of which the same is told; "" for nothing."""

    scale: str
    highest: str
    lowest: str
    of: str  # what they name themselves, as "4 of 5"
    has_zero: bool
    written: WrittenValues

    @property
    def says_anything(self) -> bool:
        return bool(self.scale or self.highest or self.of)

    def name(self, in_force: str) -> str:
        """The known scale that is told; "" for any other."""
        low, high = _limits(self.scale) or (_end(self.lowest), _end(self.of or self.highest or self.scale))
        if low is None:
            is_from_one = not self.has_zero and (high != 10 or in_force == "1-10")
            low = 1 if is_from_one else 0
        scale = f"{low}-{high}"
        return scale if scale in SCALES else ""


def read_scales(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, rules: Rules, is_plain: bool
) -> ToldScales:
    """What is told of the scale of each score; `is_plain`: whether they are texts that are all plain numbers. Raises
    StagingError where it is none of the known scales."""
    said: list[ExportDecision] = []
    beside = _columns(place)
    if is_plain and not beside:
        return ToldScales()
    told = _find(connection, place, column, beside)
    for kind in [kind for kind in beside if kind != "lowest"]:
        if other := _none_of(kind, told):
            said.append(_not_read(place, kind, beside.pop(kind), other))
            told = _find(connection, place, column, beside)
    scales = {each: each.name(rules.scales.default) for each in told if each.says_anything}
    if not scales:
        return ToldScales(None, said)
    names = listed(list(beside.values()), "and") or column.name
    if unknown := [each for each, scale in scales.items() if not scale]:
        raise StagingError(_problem(place, names, beside, unknown))
    silent = sum(each.written.count for each in told if each not in scales)
    said.append(_said(place, names, beside, scales, silent, rules))
    texts = _texts(place, column, beside)
    cases = " ".join(
        f"when {' and '.join(f'{sql} = {literal(getattr(each, kind))}' for kind, sql in texts.items())} "
        f"then {literal(scale)}"
        for each, scale in scales.items()
    )
    return ToldScales(f"case {cases} end", said)


def doubtful_kinds(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, rules: Rules
) -> list[ExportDecision]:
    """Kinds of answers that all end at 5 where others go to 10, by the columns that tell kinds apart."""
    scale = rules.scales.default
    names = [name for name in place.columns if _KIND.search(name) and name not in ("survey", column.name)][:_MOST]
    if scale == "1-5" or not names:
        return []
    number = "try_cast(regexp_extract(v, '^\\d+') as integer)"
    kinds = [f"select {literal(name)} as name, {clean_text(name, True)} as kind, {_score(place, column)} as v, "
             f"{FILE}, {LINE} from {place.rows}" for name in names]  # fmt: skip
    found = rows_of(
        connection,
        f"""
        select name, kind, count(*), min(n), max(n) from (
            select *, {number} as n, max({number}) over (partition by name) as highest
            from ({" union all ".join(kinds)})
        )
        where n is not null and highest > 5 and kind is not null and not regexp_matches(kind, '(?i){_BANDS}')
        group by all
        having count(*) >= if(regexp_matches(kind, {literal(TO_FIVE)}), {_CALLED_SO}, {_ENOUGH})
            and min(n) >= 1 and max(n) <= 5
        order by all
        """,
    )
    return [
        ExportDecision(
            where=place.export,
            what=f"All {count:,} answers whose {name} is {kind} lie between {low} and {high}, others go beyond, and "
            f"all are read on a scale of {scale.replace('-', '–')}.",
            setting="If these are given from 1 to 5, tell the scale of each answer: a column scale with 1-5 or "
            f"{scale} beside the scores, in the export or in queries/staging/{place.table}.sql.",
            level="warning",
            moves_kvis=True,
        )
        for name, kind, count, low, high in found
    ]


def _columns(place: Place) -> dict[str, str]:
    """Columns that may tell a scale, by what they tell of it."""
    found = {
        kind: next((name for name in place.columns if likeness(name) in names), "") for kind, names in _NAMES.items()
    }
    return {kind: name for kind, name in found.items() if name and (kind != "lowest" or found["highest"])}


def _texts(place: Place, column: Column, beside: Mapping[str, str]) -> dict[str, str]:
    """SQL for what each answer tells, by the fields of _Told."""
    texts = {
        kind: f"coalesce({clean_text(beside[kind], keeps_tokens=False)}, '')" if kind in beside else "''"
        for kind in _NAMES
    }
    of = f"coalesce(regexp_extract({_score(place, column)}, {literal(OF)}, 2), '')"
    return texts | {"of": of if place.is_text else "''"}


def _score(place: Place, column: Column) -> str:
    return clean_text(column.name, keeps_tokens=False) if place.is_text else f"cast({quoted(column.name)} as varchar)"


def _find(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, beside: Mapping[str, str]
) -> list[_Told]:
    texts = _texts(place, column, beside)
    told, names = ", ".join(texts), [quoted(name) for name in dict.fromkeys([*beside.values(), column.name])]
    alike = ", ".join(f"arg_min({each}, ({FILE}, {LINE})) as {each}" for each in (FILE, LINE))
    found = rows_of(
        connection,
        f"""
        select
            {told}, coalesce(bool_or(regexp_matches(v, '^0(\\D|$)')), false), sum(n)::bigint,
            {", ".join(f"arg_min({each}, ({FILE}, {LINE}))" for each in ("shown", FILE, LINE))}
        from (
            select {", ".join(f"{sql} as {kind}" for kind, sql in texts.items())}, {_score(place, column)} as v,
                coalesce(nullif(scale, ''), nullif(highest, ''), v) as shown, n, {FILE}, {LINE}
            from (select {", ".join(names)}, count(*) as n, {alike} from {place.rows} group by {", ".join(names)})
        )
        where v is not null group by {told} order by min(({FILE}, {LINE})), {told}
        """,
    )
    return [
        _Told(scale, highest, lowest, of, has_zero, WrittenValues(*written))
        for scale, highest, lowest, of, has_zero, *written in found
    ]


def _none_of(kind: str, told: Sequence[_Told]) -> WrittenValues | None:
    """An example of a column that is called like a scale and tells none."""
    values = {getattr(each, kind): each.written for each in told if getattr(each, kind)}
    telling = [text for text in values if _limits(text) or _end(text)]
    is_fine = telling if kind == "scale" else len(telling) == len(values) <= _MOST
    return None if is_fine or not values else next(iter(values.values()))


def _limits(text: str) -> tuple[int, int] | None:
    """The ends of a scale that are both in its name, as "1-5" or NPS."""
    if found := _SPAN.search(text):
        return int(found[1]), int(found[2])
    return next((_WORDS[word] for word in re.findall(r"[^\W\d_]+", text.casefold()) if word in _WORDS), None)


def _end(text: str) -> int | None:
    """The one number in a text."""
    found = _END.fullmatch(text)
    return int(found[1]) if found else None


def _not_read(place: Place, kind: str, name: str, other: WrittenValues) -> ExportDecision:
    what = f"{name} is called like the scale of the scores and tells none, so it is not read as that."
    setting = f"Where answers are on several scales, write one of 0-10, 1-10, 1-5 and 1-7 beside each, as {name} or in "
    setting += f"queries/staging/{place.table}.sql."
    level: Literal["note", "warning"] = "warning" if kind == "scale" else "note"
    return ExportDecision(
        where=place.export, what=what, example=other.example, setting=setting, level=level, moves_kvis=kind == "scale"
    )


def _said(
    place: Place, names: str, beside: Mapping[str, str], scales: Mapping[_Told, str], silent: int, rules: Rules
) -> ExportDecision:
    counts: dict[str, int] = {}
    for each, scale in scales.items():
        counts[scale] = counts.get(scale, 0) + each.written.count
    in_force = rules.scales.default
    shares = [f"{counted(count, 'answer')} on {scale.replace('-', '–')}" for scale, count in sorted(counts.items())]
    what = f"{names} {'tell' if len(beside) > 1 else 'tells'} the scale of each score: {listed(shares, 'and')}."
    differs = set(counts) != {in_force}
    is_other = (rules.scales.is_given or bool(rules.scales.by_survey)) and differs
    if is_other:
        what += " That decides, not the scale in kviboard.toml."
    if silent:
        what += f" {counted(silent, 'answer')} of which none is told {plural(silent, 'is', 'are')} read on "
        what += f"{in_force.replace('-', '–')}{', or the scale of the survey' if rules.scales.by_survey else ''}."
    return ExportDecision(
        where=place.export,
        what=what,
        example=next(iter(scales)).written.example,
        setting=_other_name(place, beside),
        level="warning" if is_other or (silent and differs) else "note",
        moves_kvis=True,
    )


def _other_name(place: Place, beside: Mapping[str, str]) -> str:
    if not beside:
        return f"To read them otherwise, return the numbers alone in queries/staging/{place.table}.sql."
    renames = ", ".join(f'"{name}" = "their_{name}"' for name in beside.values())
    return f"To take it for something else, set [sources.{place.source}] rename = {{ {renames} }}."


def _problem(place: Place, names: str, beside: Mapping[str, str], unknown: Sequence[_Told]) -> Problem:
    count, example = sum(each.written.count for each in unknown), unknown[0].written.example
    what = f"{names} {'tell' if len(beside) > 1 else 'tells'} a scale of {counted(count, 'answer')} that is none of "
    what += f"{listed([scale.replace('-', '–') for scale in SCALES], 'and')} (as {example})."
    hint = f"Translate these scores and their scale to one of them in queries/staging/{place.table}.sql."
    return Problem(place.export, what, f"{hint} {_other_name(place, beside)}" if beside else hint)
