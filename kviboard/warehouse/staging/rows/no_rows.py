"""Lines of an export that are no rows: answers not finished, totals below the data, header lines within it.

Owns which lines these are and the words for each. They are set aside, which is no damage: they count towards no limit.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kviboard.domain.contract import ContractTable
from kviboard.warehouse.engine import literal, quoted
from kviboard.warehouse.staging.values.cast import Cast

SET_ASIDE = "set aside"
A_FOOTER = "the line is a total or a remark below the rows"

# Words that tools write below the data, alone or in front of a number. Both Python and DuckDB read the pattern.
_TOTALS = (
    "totals?|grand ?totals?|sub-?totals?|overall totals?|sum|summe|gesamt|gesamtsumme|zwischensumme|insgesamt|"
    "total g[eé]n[eé]ral|totaux|totale|totaal|eindtotaal|suma|razem|итого|всего|合計|小計|总计|小计"
)
_CELLS_APART = "\\x1F"
_FOOTERS = (
    rf"({_TOTALS})\s*[:.]?(\s*\(?[\d,.]+( \w+)?\)?)?|"
    r"\(?[\d,.]+ (rows?|records?|zeilen|lignes)( selected| affected| exported| returned)?\)?\.?|"
    r"(confidential information|copyright ©?\(?c?\)?|(report )?generated (by|on|at)|report (run|generated|date)|"
    rf"end of (file|report|data))\b[^\n{_CELLS_APART}]*|[-=_]{{3,}}|\*+"  # lists of SAP mark totals by stars
)
# When a report was made, where that is all of a line; a row has days, too.
_MADE_AT = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day, [a-z]{3,9} \d{1,2}, \d{4}\b.*"
_ANY_FOOTER = rf"(?i)(^|{_CELLS_APART})({_FOOTERS})({_CELLS_APART}|$)"
_A_SINGLE_CELL = r'\s*("[^"]*"|[^,;\t|"]*)\s*'
_TOTAL_IDS = (
    "total", "totals", "grand total", "grand totals", "subtotal", "sub total", "sub-total", "overall", "average",
    "averages", "mean", "summe", "gesamt", "gesamtsumme", "gesamtergebnis", "zwischensumme", "durchschnitt",
    "mittelwert", "total general", "total général", "sous-total", "moyenne", "promedio", "gemiddelde", "(all)",
)  # fmt: skip
_NOT_ANSWERED = (
    "-99",
    "don't know",
    "don’t know",
    "dont know",
    "not applicable",
    "no answer",
    "not answered",
    "no opinion",
    "prefer not to say",
    "prefer not to answer",
    "skipped",
    "(skipped)",
    "unanswered",
    "keine angabe",
    "k. a.",
    "k.a.",
    "weiß nicht",
    "sans réponse",
    "ne sait pas",
)  # fmt: skip  -- -99 is how Qualtrics writes a question that was seen and left out
_STATES = (
    "status",
    "state",
    "recordstatus",
    "responsestatus",
    "responsetype",
    "completionstatus",
    "surveystatus",
    "distributionchannel",
)
_FINISHED = (
    "finished", "isfinished", "completed", "iscompleted", "complete", "iscomplete", "submitted", "issubmitted", "valid",
    "isvalid", "abgeschlossen", "beendet", "vollstndig", "fertig", "termin", "termine", "complet", "completado",
    "finalizado", "voltooid", "completo",
)  # fmt: skip
_TESTS = ("test", "istest", "testmode", "preview", "ispreview")
_TAKEN_OUT = (
    "spam",
    "isspam",
    "deleted",
    "isdeleted",
    "duplicate",
    "isduplicate",
    "gelscht",
    "invalid",
    "isinvalid",
    "fivetrandeleted",
)
_PREVIEWS = ("preview", "survey preview", "survey test", "test", "offline survey preview", "survey preview spam",
             "umfragevorschau", "vorschau", "umfragetest", "aperçu", "vista previa")  # fmt: skip
_NOT_REAL = ("spam", "deleted", "removed", "trash", "trashed", "duplicate", "invalid", "gelöscht", "supprimé")
_PARTIAL = (
    "partial", "partially completed", "incomplete", "in progress", "started", "unfinished", "not finished",
    "not completed", "abandoned", "disqualified", "screened out", "over quota", "overquota",
)  # fmt: skip
NO = ("false", "0", "no", "n", "f", "nein", "non", "nee", "incomplete", "partial")
YES = ("true", "1", "yes", "y", "t", "x", "ja", "oui", "si", "sí", "sim", "vrai")
_PROGRESS = ("progress", "fortschritt", "progression", "progreso")
_QUALTRICS = {"progress", "finished"}  # beside a status, whose codes are sums of 1 (preview), 2 (test), 8 (spam), …
_CODES_SET_ASIDE = {"a preview or a test": [str(code) for code in range(64) if code & 3],
                    "marked as spam, deleted or invalid": [str(code) for code in range(64) if code & 8]}  # fmt: skip
_LIMESURVEY, _SENT_AT = "lastpage", "submitdate"  # an answer that was not sent to its end has no submitdate
_DATES_TO_COME = {"sprints": ("starts_on", "ends_on"), "releases": ("day",)}


@dataclass(frozen=True)
class NoRow:
    """When a line is no row, as SQL over the cleaned and typed columns, and how that is said."""

    condition: str
    reason: str
    column: str | None = None
    value: str = "cast(null as varchar)"


def is_footer(text: str) -> bool:
    """Whether a line of text that does not fit the columns is one that tools write below the data."""
    cells = [cell for part in re.split(r"[,;\t|]", text) if (cell := part.strip(" \"'\r\n"))]
    line = text.strip(' "\r\n')
    return bool(re.fullmatch(_MADE_AT, line, re.IGNORECASE)) or any(
        re.fullmatch(_FOOTERS, part, re.IGNORECASE) for part in (line, *cells[:1])
    )


def footer_lines(lines: Mapping[int, str]) -> set[int]:
    """Which lines of text that do not fit the columns are written below the data: those that say so, and those of a
    single cell right above or below them, such as the title of a report."""
    found = {line for line, text in lines.items() if is_footer(text)}
    for order in (sorted(lines), sorted(lines, reverse=True)):
        for line in order:
            if found & {line - 1, line + 1} and re.fullmatch(_A_SINGLE_CELL, lines[line]):
                found.add(line)
    return found


def answer_states(table: ContractTable, found: Collection[str]) -> list[str]:
    """Columns of an export of answers that say whether an answer is finished and real, as they are named there."""
    known: tuple[str, ...] = (*_STATES, *_FINISHED, *_TESTS, *_TAKEN_OUT, *_PROGRESS)
    plain = {_plain(name) for name in found}
    known += (_SENT_AT,) if _LIMESURVEY in plain else ()
    return [name for name in found if table.name == "responses" and _plain(name) in known]


def knows_codes(name: str, names: Collection[str]) -> bool:
    """Whether numbers in column `name` of an export with columns `names` are understood, because its tool is known."""
    plain = set(map(_plain, names))
    return plain >= _QUALTRICS if _plain(name) == "status" else _plain(name) == _LIMESURVEY and _SENT_AT in plain


def no_rows(
    table: ContractTable, casts: Mapping[str, Cast], states: Sequence[str], names: Mapping[str, str], is_text: bool
) -> list[NoRow]:
    """When a line of `table` is no row, the plainest sign first.

    `states`: the columns of answer_states, cleaned; `names`: the source's columns as exported, with their names after
    renaming; `is_text`: read from text, which alone can have lines of other things among its rows.
    """
    rules = [*_lines(table, casts, names)] if is_text else []
    exported = {_plain(old): new for old, new in names.items()}
    for name in states:
        rules += _not_finished(name, [*names, *states])
    if _LIMESURVEY in exported and exported.get(_SENT_AT) == "responded_at" and "responded_at" in casts:
        rules.append(NoRow(f"{casts['responded_at'].alias} is null", "the answer is not finished", "responded_at"))
    if table.name == "responses" and "score" in casts:
        rules.append(_no_answer(casts["score"]))
    for column in _DATES_TO_COME.get(table.name, ()):
        if column in casts:
            reason = f"the {table.name.removesuffix('s')} has no {column} yet"
            rules.append(NoRow(f"{casts[column].alias} is null", reason, column))
    return rules


def _lines(table: ContractTable, casts: Mapping[str, Cast], names: Mapping[str, str]) -> list[NoRow]:
    """Totals, repeated headers and lines with none of what a row needs; only asked where a row is unusable anyway,
    save for its id: a customer needs nothing else."""
    required = [casts[column.name] for column in table.columns if column.required]
    reasons = [cast.reason for cast in required if cast.reason]
    unusable = f"coalesce({', '.join(reasons)}) is not null" if reasons else "false"
    ids = [cast for cast in required if cast.column.kind == "id"]
    calls = {plain for name in (*names, *casts) if len(plain := _plain(name)) > 1}
    headings = " + ".join(f"coalesce(cast({_plainly(_text(cast))} in ({_list(calls)}) as integer), 0)"
                          for cast in casts.values())  # fmt: skip
    imports = " or ".join(f"{_text(cast)} like '{{\"ImportId\"%'" for cast in casts.values())
    named = " or ".join(f"lower({_text(cast)}) in ({_list(_called(cast, names))})" for cast in ids) or "false"
    total = [cast for cast in required if cast.column.kind != "score"]
    beside = [cast for cast in casts.values() if cast not in total]
    lacks = " or ".join(f"{cast.alias} is null" for cast in required)
    empty = " and ".join(f"{cast.alias} is null" for cast in required)
    needed = ", ".join(cast.column.name for cast in required)
    first = _text(required[0])
    keys = [cast for cast in casts.values() if cast.column.kind == "id"] if table.name == "responses" else ids
    texts = [cast for cast in casts.values() if cast.column.kind == "text"]
    return [
        NoRow(
            f"({named} or (case when {unusable} then {headings} >= 2 or {imports} else false end))",
            "the line repeats column names", required[0].column.name, first,
        ),
        NoRow(
            f"({' or '.join(map(_is_total, keys)) or 'false'} or "
            f"(case when {unusable} then {_holds_footer(total, beside, lacks)} else false end))",
            A_FOOTER, required[0].column.name, first,
        ),
        NoRow(f"({empty})", f"the line has none of {needed}"),
        *([_of_nobody(keys, texts)] if table.name == "responses" and keys and texts else []),
    ]  # fmt: skip


def _of_nobody(ids: Sequence[Cast], texts: Sequence[Cast]) -> NoRow:
    """A line of answers that names neither answer nor customer, and whose comment is a word for totals."""
    nobody = " and ".join(f"{cast.alias} is null" for cast in ids)
    words = f"case when {nobody} then coalesce({' or '.join(map(_is_total, texts))}, false) else false end"
    shown = f"coalesce({', '.join(f'case when {_is_total(cast)} then {_text(cast)} end' for cast in texts)})"
    return NoRow(words, A_FOOTER, texts[0].column.name, shown)


def _called(cast: Cast, names: Mapping[str, str]) -> set[str]:
    """How an export calls the column of `cast`, in lower case."""
    return {cast.column.name, *(old.lower() for old, new in names.items() if new.lower() == cast.column.name)}


def _no_answer(score: Cast) -> NoRow:
    reason = "the answer has no score: it was begun and not finished, or the question was left out"
    words = f"lower({_text(score)}) in ({_list(_NOT_ANSWERED)})"
    return NoRow(f"({score.alias} is null or {words})", reason, "score", _text(score))


def _not_finished(name: str, names: Collection[str]) -> list[NoRow]:
    value, plain = quoted(f"{name}__state"), _plain(name)

    def rule(reason: str, words: Collection[str]) -> NoRow:
        return NoRow(f"coalesce(lower({value}) in ({_list(words)}), false)", f"the answer is {reason}", name, value)

    codes = [rule(reason, codes) for reason, codes in _CODES_SET_ASIDE.items()] if knows_codes(name, names) else []
    if plain in _STATES:
        return [*codes, rule("a preview or a test", _PREVIEWS), rule("marked as spam, deleted or invalid", _NOT_REAL),
                rule("not finished", _PARTIAL)]  # fmt: skip
    if plain in _TESTS:
        return [rule("a preview or a test", YES)]
    if plain in _TAKEN_OUT:
        return [rule("marked as spam, deleted or invalid", YES)]
    if plain in _PROGRESS:  # in percent; 0 and 1 may be shares of 1
        return [rule("not finished", [str(percent) for percent in range(2, 100)])]
    if plain == _SENT_AT:
        return [NoRow(f"{value} is null", "the answer is not finished", name)]
    return [rule("not finished", NO)]


def _holds_footer(cells: Sequence[Cast], more: Sequence[Cast], looks_at_more: str) -> str:
    """SQL: whether a cell holds what is written below the data. All are looked at as one text, because the pattern is
    long and is read anew wherever it stands."""
    text = _joined(cells)
    if more:
        text += f" || case when {looks_at_more} then chr(31) || {_joined(more)} else '' end"
    return f"regexp_matches({text}, {literal(_ANY_FOOTER)})"


def _joined(cells: Sequence[Cast]) -> str:
    return " || chr(31) || ".join(f"coalesce({_text(cast)}, '')" for cast in cells)


def _is_total(cast: Cast) -> str:
    """SQL: whether an id is a word for totals; a list of words, because it is asked of every row."""
    return f"lower({_text(cast)}) in ({_list(_TOTAL_IDS)})"


def _text(cast: Cast) -> str:
    return f"cast({cast.alias} as varchar)"


def _plain(name: str) -> str:
    """A column's name without what is written differently from tool to tool."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _plainly(value: str) -> str:
    return f"regexp_replace(lower({value}), '[^a-z0-9]', '', 'g')"


def _list(words: Collection[str]) -> str:
    return ", ".join(literal(word) for word in sorted(words)) or "null"
