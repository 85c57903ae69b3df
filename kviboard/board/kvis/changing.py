"""A KVI that is there, changed by the questions that make one; its file says how it was counted before.

Whoever looked at it before has seen other numbers of the same periods: nothing but the file can tell why.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from kviboard.board.board import Board
from kviboard.board.kvis.draft import COUNTS, MEASURES, NUMBERS, OF_ANOTHER, ROWS, WAYS, Draft, file_text, formula_of
from kviboard.board.kvis.own_files import save
from kviboard.board.kvis.questions import UNANSWERED, draft_of, questions
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.trial import KviTrial, kvi_in
from kviboard.catalog.front_matter import keys_in, with_keys
from kviboard.domain.formatting import format_value
from kviboard.domain.kvis.definition import Definition, told_before
from kviboard.domain.kvis.kvi import Change, Kvi

WORDS = ("title", "customer_benefit", "company_value", "judged", "group", "decision", "owner")
"""The questions that can be asked of any KVI: its query stays as somebody wrote it."""
_SAID = (*WORDS, "better")
_CHOSEN = re.compile(r" in \(('(?:[^']|'')*'(?:, '(?:[^']|'')*')*)\)")
_TEXT = re.compile(r"'((?:[^']|'')*)'")


def answers_in(board: Board, text: str) -> dict[str, Any]:
    """The answers by field that make this very file; those of WORDS alone where none do, as somebody wrote it, or where
    they are no longer offered."""
    found = next((draft for draft in _alike(text) if _made_of(draft, text) == text), None)
    if found is not None:
        answers = {**asdict(found), "values": list(found.values)}
        answers["judged"] = _judged(board, found.judged)
        asked = {question.field: question for question in questions(board, answers)}
        is_sayable = not any(question.refusal(answers[name]) for name, question in asked.items())
        if is_sayable and (not answers["values"] or "values" in asked):
            return answers
    said = keys_in(text)
    words = {name: str(said.get(name) or UNANSWERED[name]) for name in WORDS}
    return words | {"judged": _judged(board, words["judged"])}


def changed_text(text: str, answers: Mapping[str, Any], typed: Mapping[str, Any]) -> str:
    """The file as typed: made of all answers, or, where they are those of WORDS, with what differs put in its place."""
    if "table" in typed:
        return _made_of(draft_of(typed), text)
    changed = {name: typed[name].strip() for name in WORDS if typed[name] != answers[name]}
    return with_keys(text, changed | ({"judged": changed["judged"] or None} if "judged" in changed else {}))


def shown_until_now(board: Board, before: Kvi, trial: KviTrial) -> str:
    """What is shown of its latest period now, and what will be; empty where both read the same."""
    if trial.reading is None:
        return ""
    now = read_kvi(board, before, View(board.judged_grain(before)))[0]
    was, will = (_stands(board, reading) for reading in (now, trial.reading))
    return "" if was == will else f"Shown until now: {was}. Counted so: {will}."


def publish(board: Board, name: str, text: str, by: str) -> Path:
    """Write a KVI's file; where it changes how a KVI of this name is counted, judged or called, with how that was.
    Raises UsageError as `save` does."""
    before, after = board.catalog.kvis.get(name), kvi_in(board, name, text)[0]
    if before and after:
        title = before.title if before.title != after.title else ""
        was = told_before(Definition.of(before), Definition.of(after))
        change = Change(board.workspace.company.today(), was, by, title)
        if change.before or title:
            said = [
                {name: value for name, value in asdict(each).items() if value} for each in (*before.changed, change)
            ]
            text = with_keys(text, {"changed": said})
    return save(board.workspace, name, text)


def _alike(text: str) -> Iterator[Draft]:
    """Every draft with the words and the formula of a file."""
    said = keys_in(text)
    told: dict[str, Any] = {name: str(said[name]) for name in _SAID if name in said}
    draft = Draft(**told)
    chosen = _CHOSEN.search(text)
    values = tuple(each.replace("''", "'") for each in _TEXT.findall(chosen[1])) if chosen else ()
    counted = [
        replace(draft, measure=measure, way=way, of=of)
        for measure in MEASURES
        for way in WAYS
        for of in (MEASURES if way in OF_ANOTHER else ("",))
    ]
    counted += [replace(draft, table=table, values=values, count=count) for table in ROWS for count in COUNTS
                if table in NUMBERS or count not in ("sum", "mean")]  # fmt: skip
    return (each for each in counted if formula_of(each) == said.get("value"))


def _made_of(draft: Draft, text: str) -> str:
    """The file that the draft makes, with the changes that another one knows of."""
    said = keys_in(text)
    return with_keys(file_text(draft), {name: said[name] for name in ("changed",) if name in said})


def _judged(board: Board, grain: str) -> str:
    return "" if grain == board.usual_grain else grain  # as most are


def _stands(board: Board, reading: Reading) -> str:
    period, value = reading.stands_at
    return f"{format_value(value, reading.kvi.unit, board.workspace.company.currency)} in {period}"
