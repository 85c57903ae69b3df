"""`kviboard kvi new`: the questions of the page's New KVI at a terminal or as options, and the KVI as it would be.

Which questions there are, what is wrong with an answer and what the coach asks is the board's to say.
"""

import argparse
import json
import math
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kviboard.board.board import GROUPS, Board
from kviboard.board.kvis.draft import COUNTS, ROWS, WAYS, Draft, file_text, in_words, problems_of
from kviboard.board.kvis.own_files import save, save_draft
from kviboard.board.kvis.questions import COUNTED, TEXTS, UNANSWERED, DraftQuestion, draft_of, questions
from kviboard.board.kvis.reading import Reading
from kviboard.board.kvis.scored_share import caution_text
from kviboard.board.kvis.tables import for_people, objects, rows_of, to_table
from kviboard.board.kvis.tiles import PERIODS_SHOWN, no_links, tile_of
from kviboard.board.kvis.trial import Trial, coach, known_share, signals_text, try_kvi
from kviboard.board.wording.coaching import coached_benefit
from kviboard.cli.acting import owner
from kviboard.cli.options import FINE, PROBLEM, choose, say_age, typed
from kviboard.domain.formatting import listed
from kviboard.domain.kvis.verdict_words import with_shape
from kviboard.domain.periods import GRAINS
from kviboard.errors import KviBoardError, UsageError

NEW = "new"
OPTIONS = {name: "--only" if name == "values" else f"--{name.replace('_', '-')}" for name in TEXTS}
"""The option that answers the question about a field."""
_MORE = {
    "table": f" {listed(list(ROWS), 'or')}; left out: {COUNTED}",
    "values": f" Rows with this {listed(list(ROWS.values()), 'or')}; repeat it for more",
    "count": f" {listed(list(COUNTS), 'or')}",
    "way": f" {listed(list(WAYS), 'or')}",
    "judged": f" {listed(GRAINS, 'or')}; left out: as most are",
    "better": " up or down",
    "group": f" {listed(list(GROUPS), 'or')}; left out: {next(iter(GROUPS))}",
}
_OF_A_MEASURE = ("measure", "way", "of")
_DRAFT, _PUBLISH, _CHANGE, _NO = "draft", "publish", "change", "no"
_KEEPING = {
    _DRAFT: "as a draft, which no page shows until it is published",
    _PUBLISH: "publish it: it stands on every page from now on",
    _CHANGE: "change an answer first",
    _NO: "no",
}


def add_new(kvi: argparse.ArgumentParser) -> None:
    """The options of `kviboard kvi new`."""
    group = kvi.add_argument_group(
        "to make one: kviboard kvi new",
        "At a terminal, what no option answers is asked, and whether to keep it. Elsewhere, and with --format json, "
        "nothing is asked: what decides the number has to be said, and nothing is kept without --save.",
    )
    for name, option in OPTIONS.items():
        how: dict[str, Any] = {"action": "append"} if name == "values" else {}
        what = f"{TEXTS[name]}{_MORE.get(name, '')}"
        group.add_argument(option, dest=f"new_{name}", metavar="TEXT", help=what, **how)
    group.add_argument("--save", choices=(_DRAFT, _PUBLISH), help="keep it so, without asking")


def said_of_new(options: argparse.Namespace) -> dict[str, Any]:
    """What the options say of a KVI to be made, by field; with `save`, where that is said."""
    said = {name: getattr(options, f"new_{name}") for name in OPTIONS} | {"save": options.save}
    return {name: value for name, value in said.items() if value is not None}


def make_kvi(board: Board, options: argparse.Namespace) -> int:
    """Ask what is open, show the KVI as it would be, and keep it where somebody says so."""
    asks = sys.stdin.isatty() and options.format == "table"
    said = said_of_new(options)
    keep = said.pop("save", "")
    asking = _Asking(board, asks, said)
    with _nothing_lost(asking, options):
        asking.go_through()
        trial = _shown(board, asking.draft, options)
        while asks and (keep := keep or _asked_to_keep()) == _CHANGE:
            keep = ""
            asking.change()
            trial = _shown(board, asking.draft, options)
        path = _kept(board, asking.draft, trial, keep)
    if options.format == "json":
        print(json.dumps(_as_object(board, asking.draft, trial, path), ensure_ascii=False, indent=1))
    elif path:
        no_page = ": no page shows it until it is published" if keep == _DRAFT else ""
        print(f"Saved as {path}{no_page}.")
    elif asks:
        _say_how_to_go_on(asking, options)
    else:
        print("note: nothing is kept without --save draft or --save publish", file=sys.stderr)
    say_age(board)
    return PROBLEM if trial.problems else FINE


@dataclass
class _Asking:
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


def _asked_to_keep() -> str:
    print()
    return choose("Keep it?", _KEEPING)


def _shown(board: Board, draft: Draft, options: argparse.Namespace) -> Trial:
    """The KVI as it would be, printed for people unless a program asks."""
    trial = try_kvi(board, draft.name, file_text(draft))
    if options.format == "table":
        print(f"\n{_in_text(board, draft, trial)}")
    return trial


def _in_text(board: Board, draft: Draft, trial: Trial) -> str:
    lines = [draft.title.strip(), in_words(draft), *(f"⚠ {problem}" for problem in trial.problems)]
    if reading := trial.reading:
        share, currency = known_share(board, reading), board.workspace.company.currency
        tile = tile_of(reading, currency, no_links, share, caution=caution_text(share))
        lines += ["", _last_periods(reading), ""]
        lines.append(" · ".join(filter(None, (f"{tile.value} {tile.period}".rstrip(), tile.change, tile.usual))))
        lines.append(" · ".join(filter(None, (with_shape(tile.verdict, tile.tone), tile.message))))
        lines += filter(None, (" · ".join(tile.notes), tile.warning))
        lines += [signals_text(trial)]
    lines += ["", "Suggestions (you can save anyway)", *(f"- {said}" for said in _suggestions(board, draft, trial))]
    return "\n".join([*lines, "", "The file it would be", file_text(draft).rstrip()])


def _suggestions(board: Board, draft: Draft, trial: Trial) -> list[str]:
    """What the coach says of the benefit's words, and asks of the KVI."""
    worded = coached_benefit(board, draft.customer_benefit).findings
    return [*(f"“{each.quote}”: {each.rewrite}" for each in worded), *coach(board, trial)]


def _last_periods(reading: Reading) -> str:
    frame = for_people(reading, reading.drawn.tail(PERIODS_SHOWN))
    return to_table(frame.loc[:, (frame != "").any()])  # a column of answers where there are some


def _as_object(board: Board, draft: Draft, trial: Trial, path: str) -> dict[str, Any]:
    """The same for a program: values as `kviboard kvi NAME` has them, percentages as fractions, null for no basis."""
    told: dict[str, Any] = {
        "kvi": draft.name,
        "title": draft.title.strip(),
        "counted": in_words(draft),
        "text": file_text(draft),
        "saved": path or None,
        "problems": [str(problem) for problem in trial.problems],
        "suggestions": _suggestions(board, draft, trial),
    }
    if reading := trial.reading:
        told |= {
            "grain": reading.grain,
            "value": reading.value,
            "verdict": reading.verdict,
            "usual": {name: _number(reading, name) for name in ("centre", "lower", "upper")},
            "known_share_of_revenue": known_share(board, reading),
            "signals": trial.signals,
            "of_periods": trial.judged,
            "values": objects(rows_of(reading)),
        }
    return told


def _number(reading: Reading, name: str) -> float | None:
    value = math.nan if reading.latest is None else float(reading.latest[name])
    return None if math.isnan(value) else value


def _kept(board: Board, draft: Draft, trial: Trial, keep: str) -> str:
    """Keep it as is said; the file's path in the workspace, "" where it is not kept. Raises KviBoardError."""
    if keep not in (_DRAFT, _PUBLISH):
        return ""
    if keep == _PUBLISH and trial.problems:
        raise KviBoardError(f"Not published, because it cannot be computed: {trial.problems[0]}")
    if taken := problems_of(draft, board).get("title"):  # by somebody, while it was asked
        raise UsageError(f"{OPTIONS['title']}: {taken}")
    workspace = board.workspace
    owner(workspace).begin("drafted a KVI" if keep == _DRAFT else "published a KVI", kvi=draft.name)
    path = (save_draft if keep == _DRAFT else save)(workspace, draft.name, file_text(draft))
    return path.relative_to(workspace.root).as_posix()


@contextmanager
def _nothing_lost(asking: _Asking, options: argparse.Namespace) -> Iterator[None]:
    """Whatever ends it at a terminal, how to go on from there is said."""
    try:
        yield
    except (KviBoardError, KeyboardInterrupt):
        if asking.asks:
            _say_how_to_go_on(asking, options)
        raise


def _say_how_to_go_on(asking: _Asking, options: argparse.Namespace) -> None:
    words = ["kviboard", "kvi", NEW, *(["--workspace", str(options.workspace)] if options.workspace else [])]
    for name, told in asking.said.items():
        for value in told if isinstance(told, list) else [told]:
            words += [OPTIONS[name], str(value)]
    print(f"\nNothing was saved. To go on from here:\n  {shlex.join(words)}", file=sys.stderr)
