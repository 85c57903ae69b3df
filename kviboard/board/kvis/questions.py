"""What is asked to make a KVI, in order, each question with what can be chosen after the answers before it.

The page and the command line ask the same. What the answers make is in draft.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Any, Literal

from kviboard.board.board import GROUPS, Board
from kviboard.board.kvis.draft import (
    OF_ANOTHER,
    ROW_WORDS,
    Draft,
    counts_of,
    measures_of,
    others_of,
    tables_of,
    values_of,
    ways_of,
)
from kviboard.domain.formatting import listed
from kviboard.domain.periods import GRAINS

Kind = Literal["line", "lines", "one", "few", "many"]
"""A line or lines of text; one of several, or of a few; any number of several."""

UNANSWERED: Mapping[str, Any] = {**{each.name: each.default for each in fields_of(Draft)}, "values": []}
"""The answers by field before anything is answered."""
TEXTS = {
    "title": "What is it called?",
    "customer_benefit": "For whom is it better, and how do they notice?",
    "company_value": "What does it bring us?",
    "table": "What shows it in your data?",
    "values": "Only which of them?",
    "count": "How is it counted?",
    "measure": "Which number?",
    "way": "How is it counted?",
    "of": "Of what?",
    "judged": "Per which period do we say whether it is unusual?",
    "better": "Which way is better?",
    "group": "Whom is it about?",
    "decision": "What will we do when it moves?",
    "owner": "Who owns it?",
}


COUNTED = "a number that the board counts already"
_SOME = {
    "activity": "Only which uses?",
    "orders": "Only which products?",
    "responses": "Only at which touchpoints?",
    "tickets": "Only about which topics?",
}


@dataclass(frozen=True)
class DraftQuestion:
    """One question, about a field of the draft. `options` are what can be chosen, in words: none for a text.

    `is_telling`: another answer is another number, or good news made bad, so where nobody sees what stands there before
    something is chosen, it has to be said.
    """

    field: str
    text: str
    kind: Kind = "line"
    options: Mapping[str, str] | None = None
    example: str = ""
    is_telling: bool = False

    def preselected(self, answer: Any) -> Any:
        """What stands there until something is chosen: the answer so far where it can be chosen, else the first. Of
        what something is counted is nobody's guess."""
        if self.options is None or self.kind == "many" or answer in self.options or self.field == "of":
            return answer
        return next(iter(self.options))

    def refusal(self, answer: Any) -> str:
        """Why this cannot be chosen, and what can; "" where it can."""
        if self.options is None:
            return ""
        wrong = [each for each in (answer if self.kind == "many" else [answer]) if each not in self.options]
        if not wrong:
            return ""
        known = listed([option for option in self.options if option], "or")
        left_out = f"; left out, it is {self.options['']}" if "" in self.options else ""
        said = f'"{wrong[0]}" is none of them: choose' if wrong[0] else "Choose"
        return f"{said} {known}{left_out}."


def questions(board: Board, answers: Mapping[str, Any]) -> Iterator[DraftQuestion]:
    """The questions in order. Which come, and what can be chosen, follows from the answers before: whoever asks writes
    them into `answers` as they are given."""
    yield DraftQuestion("title", TEXTS["title"], example="Customers who export a report")
    yield DraftQuestion("customer_benefit", TEXTS["customer_benefit"], "lines")
    yield DraftQuestion("company_value", TEXTS["company_value"], "lines")
    rows = {"": COUNTED} | {table: ROW_WORDS[table] for table in tables_of(board)}
    yield DraftQuestion("table", TEXTS["table"], "one", rows)
    yield from _of_rows(board, answers) if answers["table"] else _of_measure(board, answers)
    yield DraftQuestion("judged", TEXTS["judged"], "one", _lengths(board))
    yield DraftQuestion("better", TEXTS["better"], "few", {"up": "up", "down": "down"}, is_telling=True)
    yield DraftQuestion("group", TEXTS["group"], "few", GROUPS)
    yield DraftQuestion("decision", TEXTS["decision"], "lines")
    yield DraftQuestion("owner", TEXTS["owner"])


def draft_of(answers: Mapping[str, Any]) -> Draft:
    """What was answered; answers to questions that are not asked do not count."""
    own = {"values": tuple(answers["values"])} if answers["table"] else {"of": answers["of"] or ""}
    return Draft(**{name: value for name, value in answers.items() if name not in ("values", "of")}, **own)


def _of_rows(board: Board, answers: Mapping[str, Any]) -> Iterator[DraftQuestion]:
    table = answers["table"]
    if known := values_of(board, table):
        yield DraftQuestion("values", _SOME[table], "many", dict(zip(known, known, strict=True)), example="All")
    counts = counts_of(board, table, answers["values"] if known else ())
    yield DraftQuestion("count", TEXTS["count"], "one", counts, is_telling=True)


def _of_measure(board: Board, answers: Mapping[str, Any]) -> Iterator[DraftQuestion]:
    yield DraftQuestion("measure", TEXTS["measure"], "one", measures_of(board), is_telling=True)
    yield DraftQuestion("way", TEXTS["way"], "one", ways_of(answers["measure"]), is_telling=True)
    if answers["way"] in OF_ANOTHER:
        others = others_of(board, answers["measure"], answers["way"])
        yield DraftQuestion("of", TEXTS["of"], "one", others, is_telling=True)


def _lengths(board: Board) -> dict[str, str]:
    others = [grain for grain in GRAINS if grain != board.usual_grain and (grain != "sprint" or board.calendar.sprints)]
    return {"": f"per {board.usual_grain}, as of most KVIs"} | {grain: f"per {grain}" for grain in others}
