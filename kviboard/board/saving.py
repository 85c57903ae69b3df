"""What every use case that saves needs: who saves, and refusing with all problems at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

from kviboard.errors import Problem, StoreError


class Stamp(TypedDict):
    """Who saves (`by`), when (`at`, with its time zone), and the key of the click (`once`): the same key saves once."""

    by: str
    at: datetime
    once: NotRequired[str | None]


def refuse(problems: Sequence[Problem]) -> None:
    """StoreError with all the problems, if there are any."""
    if problems:
        raise StoreError("Not saved. " + " ".join(str(problem) for problem in problems), problems)
