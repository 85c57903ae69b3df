"""The questions, gone through at a terminal or answered by options.

Which questions there are and what is wrong with an answer is the board's to say.
"""

import argparse
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kviboard.board.board import Board
from kviboard.board.kvis.draft import Draft, problems_of
from kviboard.board.kvis.questions import TEXTS, UNANSWERED, DraftQuestion, draft_of, questions
from kviboard.cli.options import choose, typed
from kviboard.errors import KviBoardError, UsageError

NEW = "new"
OPTIONS = {name: "--only" if name == "values" else f"--{name.replace('_', '-')}" for name in TEXTS}
"""The option that answers the question about a field."""
_OF_A_MEASURE = ("measure", "way", "of")


@dataclass
class Asking:
    """The questions as they are gone through; `said` is what options or somebody at the terminal said, by field."""

    board: Board
    asks: bool
    said: dict[str, Any]
    answers: dict[str, Any] = field(default_factory=lambda: dict(UNANSWERED))
    asked: dict[str, DraftQuestion] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if "table" not in self.said and any(name in self.said for name in _OF_A_MEASURE):
            self.said["table"] = ""
        if self.said.get("judged") == self.board.usual_grain:
            self.said["judged"] = ""  # as most are

    @property
    def draft(self) -> Draft:
        return draft_of(self.answers)

    def go_through(self) -> None:
        """Answer every question. Raises UsageError with all that is wrong or missing, where nobody can be asked."""
        self.asked, wrong = {}, {}
        for question in questions(self.board, self.answers):
            name = question.field
            self.asked[name] = question
            if self.asks and name not in self.said:
                self.said[name] = _answer(question, self.answers[name])
            problem = self._take(question)
            while problem and self.asks:
                print(f"⚠ {problem}")
                self.said[name] = _answer(question, self.answers[name])
                problem = self._take(question)
            if problem and not ("table" in wrong and name in _OF_A_MEASURE):  # nobody asked for a measure
                wrong[name] = problem
        for name in self.said.keys() - self.asked.keys():
            if self.asks:
                del self.said[name]
            else:
                wrong[name] = "is not asked with these answers: leave it out."
        if wrong:
            texts = TEXTS | {name: question.text for name, question in self.asked.items()}
            problems = [f"{OPTIONS[name]}: {texts[name]} {sentence}" for name, sentence in wrong.items()]
            raise UsageError("\n  ".join(["This is no KVI yet, and nothing was saved.", *problems]))

    def change(self) -> None:
        """Ask one of the questions anew, and those that come with its answer."""
        del self.said[choose("Which answer?", {name: self._in_words(name) for name in self.asked})]
        self.go_through()

    def _take(self, question: DraftQuestion) -> str:
        """Take what was said, else what stands there by itself; what is wrong with it, and "" where nothing is."""
        name = question.field
        answer = self.said.get(name, question.preselected(self.answers[name]))
        is_open = name not in self.said and question.is_telling and len(question.options or ()) > 1
        if refusal := question.refusal(None if is_open else answer):
            self.answers[name] = question.preselected(UNANSWERED[name])
            return refusal
        self.answers[name] = answer
        return problems_of(self.draft, self.board).get(name, "")

    def _in_words(self, name: str) -> str:
        question, answer = self.asked[name], self.answers[name]
        told = ", ".join(answer) or "all" if question.kind == "many" else (question.options or {}).get(answer, answer)
        return f"{question.text} {told or '–'}"


def _answer(question: DraftQuestion, standing: Any) -> Any:
    """What somebody answers at the terminal; Enter takes what stands there."""
    print()
    if question.options is None:
        hint = standing or (question.example and f"such as: {question.example}")
        print(f"{question.text}{f' [{hint}]' if hint else ''}")
        return typed("> ") or standing
    if question.kind == "many":
        return _several(question)
    if len(question.options) == 1:
        ((answer, words),) = question.options.items()
        print(f"{question.text} {words}")
        return answer
    return choose(question.text, question.options, question.preselected(standing))


def _several(question: DraftQuestion) -> list[str]:
    known = list(question.options or ())
    print(question.text)
    for number, value in enumerate(known, start=1):
        print(f"  {number:>2}  {value}")
    while True:
        numbers = typed(f"numbers, 1 to {len(known)}, as 1 2; Enter for all: ").replace(",", " ").split()
        if all(number.isdecimal() and 0 < int(number) <= len(known) for number in numbers):
            return [known[int(number) - 1] for number in dict.fromkeys(numbers)]


@contextmanager
def nothing_lost(asking: Asking, options: argparse.Namespace) -> Iterator[None]:
    """Whatever ends it at a terminal, how to go on from there is said."""
    try:
        yield
    except (KviBoardError, KeyboardInterrupt):
        if asking.asks:
            say_how_to_go_on(asking, options)
        raise


def say_how_to_go_on(asking: Asking, options: argparse.Namespace) -> None:
    """Print the command that answers again what was answered."""
    words = ["kviboard", "kvi", NEW, *(["--workspace", str(options.workspace)] if options.workspace else [])]
    for name, told in asking.said.items():
        for value in told if isinstance(told, list) else [told]:
            words += [OPTIONS[name], str(value)]
    print(f"\nNothing was saved. To go on from here:\n  {shlex.join(words)}", file=sys.stderr)
