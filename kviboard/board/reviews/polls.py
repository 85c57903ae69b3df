"""Blind predictions and confidence, asked by phone: what is typed is checked here, and told once it is revealed.

Nobody's answer leaves the store before the chair reveals it. Raises StoreError with every problem.
"""

from collections.abc import Sequence
from decimal import Decimal

from kviboard.board.context import BoardContext
from kviboard.board.numbers import read_number
from kviboard.board.reviews.document import KviRecord, PollLine, PollRecord, ReviewDocument
from kviboard.domain.formatting import NO_VALUE, counted
from kviboard.domain.reviews.blind import (
    CONFIDENCES,
    HIGHEST,
    LOWEST,
    Guess,
    bins_of,
    spread_of,
    team_prediction,
    usual_move,
)
from kviboard.domain.reviews.predictions import difference_text, expectation_text, moved_text
from kviboard.errors import Problem, StoreError
from kviboard.store import (
    Author,
    NewPoll,
    NewPrediction,
    Poll,
    PollAnswer,
    Prediction,
    Review,
    ReviewRecord,
    refuse,
)

LONGEST_WHY, LONGEST_WORD = 280, 30
_MOST_DIGITS = 9  # of the number of a key result
FROM_POLL = "The middle of {} made blind"
_CONFIDENCE = "How sure are we that these decisions help customers?"


def ask(context: BoardContext, review: Review, what: str, *, author: Author) -> Poll:
    """Asks everybody: "kvi:NAME" or "key_result:NUMBER" for a change, "confidence" at the end. One at a time."""
    if any(each.review_id == review.id for each in context.store.polls.running()):
        raise StoreError("Something is asked already: reveal it first.")
    kind, _, name = what.partition(":")
    known = context.board.catalog.kvis
    if kind == "confidence":
        new = NewPoll(review_id=review.id, asks="confidence")
    elif kind == "kvi" and name in known:
        new = NewPoll(review_id=review.id, asks="change", kvi=name)
    elif kind == "key_result" and name.isdecimal() and len(name) <= _MOST_DIGITS:
        new = NewPoll(review_id=review.id, asks="change", key_result_id=context.store.key_results.get(int(name)).id)
    else:
        raise StoreError("Choose a KVI or a key result that everybody predicts.")
    return context.store.polls.add(new, author=author)


def guess_change(
    context: BoardContext, poll: Poll, way: str, by: str, confidence: int | None, because: str, browser: str, who: str
) -> PollAnswer:
    """Keeps what one browser expects: it goes "up" or "down" by at least so much, or stays the "same"."""
    amount, problems = read_number(by, unit_of(context, poll), "By at least")
    if way not in ("up", "down", "same"):
        problems.append(Problem("Your prediction", "says no way.", "Choose down, the same, or up."))
    elif way != "same" and not problems and not amount:
        problems.append(Problem("By at least", "is empty.", "Say by how much, or choose the same."))
    if amount is not None and amount < 0:
        problems.append(Problem("By at least", "is below zero.", "Choose down instead."))
    if confidence not in CONFIDENCES:
        problems.append(Problem("How sure", "is missing.", "Choose how sure you are."))
    problems += _too_long("Because", because, LONGEST_WHY)
    refuse(problems)
    assert confidence is not None
    change = (amount or Decimal(0)) * {"up": 1, "down": -1, "same": 0}[way]
    return _keep(context, poll, PollAnswer(change=change, confidence=confidence, because=because.strip()), browser, who)


def say_confidence(
    context: BoardContext, poll: Poll, confidence: int | None, word: str, browser: str, who: str
) -> PollAnswer:
    """Keeps how sure one browser is of the decisions, and its word at the end."""
    problems = [] if confidence else [Problem("How sure", "is missing.", f"Choose {LOWEST} to {HIGHEST}.")]
    if confidence and not LOWEST <= confidence <= HIGHEST:
        problems.append(Problem("How sure", f"is not {LOWEST} to {HIGHEST}."))
    problems += _too_long("Your word", word, LONGEST_WORD)
    refuse(problems)
    assert confidence is not None
    return _keep(context, poll, PollAnswer(change=None, confidence=confidence, because=word.strip()), browser, who)


def say_why(context: BoardContext, poll: Poll, because: str, browser: str) -> None:
    """Adds why somebody guessed as they did, also after the reveal."""
    problems = _too_long("Why", because, LONGEST_WHY)
    refuse(problems if because.strip() else [Problem("Why", "is empty.", "Say it in a sentence.")])
    context.store.polls.say_why(poll.id, because.strip(), browser)


def reveal(context: BoardContext, poll_id: int, *, author: Author) -> Poll:
    """Shows everybody's answers to all."""
    return context.store.polls.reveal(context.store.polls.get(poll_id), author=author)


def take_back(context: BoardContext, poll_id: int, *, author: Author) -> Poll:
    """Takes back what was asked by mistake, before anybody has answered."""
    return context.store.polls.archive(context.store.polls.get(poll_id), author=author)


def take_median(context: BoardContext, review: Review, poll_id: int, *, author: Author) -> Prediction:
    """Makes the median of a revealed poll the team's prediction."""
    poll = context.store.polls.get(poll_id)
    kvi = context.board.catalog.kvis.get(poll.kvi or "")
    guesses = _guesses(context.store.polls.answers_of(poll.id))
    made = team_prediction(guesses, kvi.better) if kvi else None
    if kvi is None or made is None:
        raise StoreError("Only what is predicted of a KVI can come true: predict it by hand.")
    lower, upper = (None if bound is None else Decimal(repr(bound)) for bound in (made.lower, made.upper))
    new = NewPrediction(
        review_id=review.id,
        kvi=kvi.name,
        confidence=made.confidence,
        lower=lower,
        upper=upper,
        because=FROM_POLL.format(counted(len(guesses), "prediction")),
    )
    return context.store.predictions.add(new, author=author)


def median_in_words(context: BoardContext, poll: Poll) -> str:
    """What a revealed poll comes to as a prediction, "at least +2, 70 % sure"; empty where it can be none."""
    kvi = context.board.catalog.kvis.get(poll.kvi or "")
    made = team_prediction(_guesses(context.store.polls.answers_of(poll.id)), kvi.better) if kvi else None
    if kvi is None or made is None:
        return ""
    return f"{expectation_text(made.lower, made.upper, kvi.unit, context.currency)}, {made.confidence} % sure"


def unit_of(context: BoardContext, poll: Poll) -> str:
    """The unit in which a change is predicted."""
    if poll.key_result_id is not None:
        return context.store.key_results.get(poll.key_result_id).unit
    known = context.board.catalog.kvis.get(poll.kvi or "")
    return known.unit if known else "number"


def poll_records(context: BoardContext, numbers: ReviewDocument, record: ReviewRecord) -> tuple[PollRecord, ...]:
    """What was asked at an act of a review, the answers only of what is revealed."""
    asks = "change" if numbers.act == "opening" else "confidence"
    taken = {each.kvi for each in record.predictions}
    return tuple(poll_record(context, numbers, each, taken) for each in record.polls if each.asks == asks)


def poll_record(
    context: BoardContext, numbers: ReviewDocument, poll: Poll, taken: set[str] | frozenset[str] = frozenset()
) -> PollRecord:
    """One poll as the meeting's numbers have it."""
    kvi, count = numbers.kvi(poll.kvi or ""), context.store.polls.count(poll.id)
    shown = PollRecord(
        id=poll.id,
        asks="confidence" if poll.asks == "confidence" else "change",
        title=_title(context, poll, kvi),
        kvi=poll.kvi or "",
        now_text=_now(numbers, poll, kvi),
        usual_text=_usual(numbers, kvi),
        answered=count,
        is_revealed=poll.revealed_at is not None,
        is_taken=bool(poll.kvi) and poll.kvi in taken,
    )
    if poll.revealed_at is None:
        return shown
    answers = context.store.polls.answers_of(poll.id)
    found = _of_confidence(answers) if poll.asks == "confidence" else _of_change(context, poll, answers)
    return shown.model_copy(update=found)


def _of_change(context: BoardContext, poll: Poll, answers: Sequence[PollAnswer]) -> dict[str, object]:
    guesses, unit, currency = _guesses(answers), unit_of(context, poll), context.currency
    found = spread_of(guesses)
    if found is None:
        return {}
    lines = tuple(
        PollLine(
            label=difference_text(part.low, unit, currency)
            if part.low == part.high
            else f"{difference_text(part.low, unit, currency)} to {difference_text(part.high, unit, currency)}",
            count=part.count,
            sure_text=f"{part.confidence:.0f} % sure",
        )
        for part in reversed(bins_of(guesses))
    )
    return {
        "lines": lines,
        "middle_text": difference_text(found.middle, unit, currency),
        "lowest_text": difference_text(found.lowest.change, unit, currency),
        "highest_text": difference_text(found.highest.change, unit, currency),
        "lowest_why": _whys(guesses, found.lowest.change),
        "highest_why": _whys(guesses, found.highest.change) if not found.is_agreed else (),
        "team_text": median_in_words(context, poll),
    }


def _of_confidence(answers: Sequence[PollAnswer]) -> dict[str, object]:
    grades = [each.confidence for each in answers]
    lines = tuple(PollLine(label=str(grade), count=grades.count(grade)) for grade in range(HIGHEST, LOWEST - 1, -1))
    mean = sum(grades) / len(grades)
    said = tuple(sorted((each.because for each in answers if each.because), key=str.casefold))
    ends = {"lowest_text": str(min(grades)), "highest_text": str(max(grades))}
    return {"lines": lines, "middle_text": f"{mean:.1f} of {HIGHEST}", "words": said, **ends}


def _title(context: BoardContext, poll: Poll, kvi: KviRecord | None) -> str:
    if poll.asks == "confidence":
        return _CONFIDENCE
    if poll.key_result_id is not None:
        return context.store.key_results.get(poll.key_result_id).title
    known = context.board.catalog.kvis.get(poll.kvi or "")
    return kvi.title if kvi else known.title if known else poll.kvi or ""


def _now(numbers: ReviewDocument, poll: Poll, kvi: KviRecord | None) -> str:
    if kvi is not None and kvi.value_text != NO_VALUE:
        return f"It stands at {kvi.value_text} ({kvi.period})."
    parts = [part for each in numbers.objectives for part in each.key_results if part.id == poll.key_result_id]
    return f"It stands at {parts[0].current_text}, and should reach {parts[0].target_text}." if parts else ""


def _usual(numbers: ReviewDocument, kvi: KviRecord | None) -> str:
    """How much it moves without anybody doing anything."""
    if kvi is None:
        return ""
    rows = zip(kvi.history.get("value", ()), kvi.history.get("complete", ()), strict=False)
    usual = usual_move([value if complete else None for value, complete in rows])
    if usual is None:
        return f"How much it moves by itself from {kvi.grain} to {kvi.grain} is not known yet."
    if usual == 0:
        return f"At least half of the time it is the same from one {kvi.grain} to the next, by itself."
    size = moved_text(usual, kvi.unit, numbers.currency).lstrip("+")
    # "At least": where many moves are of one size, more than half reach it.
    return f"At least half of the time it moves by {size} or more from one {kvi.grain} to the next, by itself."


def _guesses(answers: Sequence[PollAnswer]) -> list[Guess]:
    return [Guess(float(each.change), each.confidence, each.because) for each in answers if each.change is not None]


def _whys(guesses: Sequence[Guess], change: float) -> tuple[str, ...]:
    return tuple(each.because for each in guesses if each.change == change and each.because)


def _keep(context: BoardContext, poll: Poll, answer: PollAnswer, browser: str, who: str) -> PollAnswer:
    named = PollAnswer(change=answer.change, confidence=answer.confidence, because=answer.because, by=who or None)
    context.store.polls.answer(poll.id, named, browser)
    return named


def _too_long(name: str, said: str, longest: int) -> list[Problem]:
    return [Problem(name, f"is longer than {longest} characters.", "Shorten it.")] if len(said) > longest else []
