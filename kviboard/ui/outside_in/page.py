"""Opens Outside-in: the rounds, the one that is looked at, and the stage; or the questions, for whoever answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kviboard.board.age import reach_text
from kviboard.board.context import BoardContext
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.outside_in.evidence import read_evidence
from kviboard.board.outside_in.rounds import answers_shown, is_answered
from kviboard.board.outside_in.sign import Sign
from kviboard.components.markup import text
from kviboard.domain.outside_in.check import Answer, Result, results
from kviboard.domain.outside_in.stages import Condition, conditions
from kviboard.errors import StoreError
from kviboard.store import CheckRound
from kviboard.ui import session
from kviboard.ui.page import (
    board_or_stop,
    draw_heading,
    enter,
    stop_with,
    warn_of_gone,
    warn_of_problems,
    warn_of_refused_form,
)
from kviboard.ui.url_state import choice, close_choices, unchecked

TITLE = "Outside-in"
QUESTION = "How far does the customer reach into how we work?"


@dataclass(frozen=True)
class OutsideInPage:
    """An open page. `rounds` has the newest first; `shown` is the one that is looked at, None before the first is
    over."""

    context: BoardContext
    rounds: tuple[CheckRound, ...]
    shown: CheckRound | None
    answering: str  # the round that the visitor is asked, as the address names it; empty where it names none

    @cached_property
    def answers(self) -> list[Answer]:
        """Of the round shown."""
        return answers_shown(self.context, self.shown) if self.shown else []

    @cached_property
    def results(self) -> list[Result]:
        """The results of the round shown, compared with the round before it."""
        place = self.over.index(self.shown) + 1 if self.shown else 0
        earlier = self.over[place : place + 1]
        return results(self.answers, answers_shown(self.context, earlier[0]) if earlier else [])

    @property
    def over(self) -> list[CheckRound]:
        """The rounds that are answered no more, the newest first."""
        return [each for each in self.rounds if not is_answered(self.context, each)]

    @property
    def running(self) -> list[CheckRound]:
        """The rounds that are answered now."""
        return [each for each in self.rounds if is_answered(self.context, each)]

    @cached_property
    def signs(self) -> list[Sign]:
        return read_evidence(self.context, self.readings)

    @cached_property
    def readings(self) -> Mapping[str, Reading]:
        """One of each KVI, over all customers."""
        view = View(self.context.board.usual_grain)
        return session.every_reading(view)

    @property
    def shares(self) -> Mapping[str, float | None]:
        return {sign.name: sign.share for sign in self.signs}

    @property
    def means(self) -> Mapping[str, float]:
        return {result.question: result.mean for result in self.results}

    @property
    def conditions(self) -> list[Condition]:
        return conditions(self.shares, self.means)


def open_outside_in() -> OutsideInPage:
    """Open the page; stops with a sentence and a next step where there is no data or no store."""
    enter(TITLE)
    board = board_or_stop(TITLE)
    try:
        context = session.context()
        rounds = tuple(context.store.check_rounds.all())
    except StoreError as error:
        stop_with(TITLE, str(error), "Fix it and reload this page; see `[store]` in `kviboard.toml`.")
    over = [each for each in rounds if not is_answered(context, each)]
    wanted = choice("round", [str(each.id) for each in over], str(over[0].id) if over else "")
    shown = next((each for each in over if str(each.id) == wanted), None)
    answering = unchecked("answer")
    state = board.workspace.company.name + ("" if answering else f" · {reach_text(board)}")
    draw_heading(TITLE, QUESTION, text(state))
    close_choices(["round", "answer", "do", "of"])
    warn_of_gone(round="round")
    warn_of_refused_form()
    if not answering:
        warn_of_problems(board)
    return OutsideInPage(context, rounds, shown, answering)
