"""The coach at work on the board: every sentence that people word for customers, in the company's language.

A sentence that is clearly in another language that is known is read in that one. Where there is no file for the
company's language, the coach says so and keeps silent.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.wording.languages import known_languages, language_named
from kviboard.domain.formatting import listed
from kviboard.domain.okrs.model import Measure
from kviboard.domain.wording.coach import coach_key_result, coach_objective, coach_vision
from kviboard.domain.wording.findings import Finding
from kviboard.domain.wording.languages import Language, spoken_in
from kviboard.domain.wording.rewriting import rewrite_key_result, rewrite_sentence
from kviboard.workspace.settings import Company

_OF_BENEFITS = frozenset({"customer_is_subject", "outcome_for_them", "plain_words"})


@dataclass(frozen=True)
class Coached:
    """What the coach says of a text: its findings, a rewrite (empty where it has none), or why it keeps silent."""

    findings: tuple[Finding, ...] = ()
    rewrite: str = ""
    silence: str = ""


def coached_objective(context: BoardContext, text: str) -> Coached:
    """An objective or a sprint's goal."""
    kinds = context.kinds_of_customers
    code = context.board.workspace.company.language
    return _coached(code, text, kinds, lambda said, language: coach_objective(said, language, kinds))


def coached_benefit(board: Board, text: str) -> Coached:
    """What a KVI is for the customer, at any length; numbers and names may be in it."""
    kinds = board.kinds_of_customers

    def coach(said: str, language: Language) -> Sequence[Finding]:
        return [each for each in coach_objective(said, language, kinds) if each.rule in _OF_BENEFITS]

    return _coached(board.workspace.company.language, text, kinds, coach) if text.strip() else Coached()


def coached_vision(company: Company, text: str, kinds_of_customers: Collection[str] = ()) -> Coached:
    """A product vision, also of a company that has no board yet."""
    kinds, own = kinds_of_customers, (company.name, company.product)
    return _coached(company.language, text, kinds, lambda said, language: coach_vision(said, language, kinds, own))


def coached_key_result(context: BoardContext, title: str, measure: Measure | None = None) -> Coached:
    """A key result, with its measure where that is known."""
    code = context.board.workspace.company.language
    language = _language(code, title)
    if language is None:
        return _silent(code, title)
    found = coach_key_result(title, language, measure)
    new = rewrite_key_result(title, language, lambda said: coach_key_result(said, language))
    return Coached(tuple(found), new)


def _coached(
    code: str, text: str, kinds: Collection[str], coach: Callable[[str, Language], Sequence[Finding]]
) -> Coached:
    language = _language(code, text)
    if language is None:
        return _silent(code, text)
    new = rewrite_sentence(text, language, lambda said: coach(said, language), kinds)
    return Coached(tuple(coach(text, language)), new)


def _language(code: str, text: str) -> Language | None:
    own = language_named(code)
    return spoken_in(text, own, known_languages()) if own else None


def _silent(code: str, text: str) -> Coached:
    if not text.strip():
        return Coached()
    known = listed([language.name for language in known_languages()])
    return Coached(silence=f"The coach knows {known}, not the company's language ({code}), and keeps silent.")
