"""Every error a user can act on. Each message is one sentence: what, where, what to do.

KviBoardError
├── WorkspaceError   kviboard.toml cannot be used
├── ExportError      an export file cannot be read
├── RefreshError     a refresh did not publish; the version before stays in use
│   └── BusyError    another one is running
├── NotBuiltError    there is no warehouse version to read yet
├── QueryError       a query failed
│   └── TooMuchError     it took too long, or more memory than there is
├── UsageError       a question that makes no sense: an unknown KVI, dimension, grain
├── GivenUpError     what was tried apart needed more time or memory than it may have
├── MailError        a digest could not be sent
└── StoreError       OKRs, reviews or targets could not be kept
    ├── ConflictError    somebody else saved first
    └── NotAllowedError  this person may not do that
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MOST = 200  # letters that a sentence quotes: what somebody pasted may be a book
_LONG_QUOTE = re.compile(rf"“([^”]{{{_MOST - 1}}})[^”]{{2,}}”")


def with_short_quotes(sentence: str) -> str:
    """The sentence with no more of each quote in it than it takes to know what is meant."""
    return _LONG_QUOTE.sub(r"“\1…”", sentence)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the data or the configuration, readable as a sentence."""

    where: str  # "kviboard.toml, [surveys] scale" or "queries/kvis/nps.sql, line 4"
    what: str
    hint: str = ""

    @property
    def file(self) -> str:
        """Where it is, without the place in it: a file may have several."""
        return self.where.partition(",")[0]

    def __str__(self) -> str:
        return with_short_quotes(f"{self.where}: {self.what}" + (f" {self.hint}" if self.hint else ""))


class KviBoardError(Exception):
    """Base of all errors shown to users; carries the problems it was raised for."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(with_short_quotes(message))


class WorkspaceError(KviBoardError):
    """kviboard.toml cannot be used."""


class ExportError(KviBoardError):
    """An export file cannot be read."""


class RefreshError(KviBoardError):
    """A refresh did not publish; the version before stays in use."""


class BusyError(RefreshError):
    """Another refresh is running."""


class NotBuiltError(KviBoardError):
    """There is no warehouse version to read yet."""


class QueryError(KviBoardError):
    """A query failed."""


class TooMuchError(QueryError):
    """A query took too long, or more memory than there is."""


class UsageError(KviBoardError):
    """A question that makes no sense here: an unknown KVI, dimension or grain."""


class GivenUpError(KviBoardError):
    """What was tried in a process of its own needed more time or memory than it may have."""


class MailError(KviBoardError):
    """A digest could not be sent."""


class StoreError(KviBoardError):
    """OKRs, reviews or targets could not be kept."""


class ConflictError(StoreError):
    """Somebody else saved first."""


class NotAllowedError(StoreError):
    """This person may not do that."""
