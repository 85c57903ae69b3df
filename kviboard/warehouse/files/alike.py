"""Which of several tables in one file, sheets or members of an archive, belong to its source: those that are alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kviboard.domain.formatting import listed, plural
from kviboard.domain.names import likeness
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.manifest import ExportDecision

_LEVELS: dict[bool, Literal["note", "warning"]] = {False: "note", True: "warning"}


@dataclass(frozen=True)
class Candidate:
    """A table. `hidden` says why it is not read although it may be alike; "" where nothing is against it."""

    name: str
    columns: tuple[str, ...]
    rows: int
    hidden: str = ""


@dataclass(frozen=True)
class Choice:
    """Names of the tables that are read, in their order, and of those that are not, with why."""

    read: tuple[str, ...]
    unread: tuple[tuple[str, str], ...] = ()
    is_doubtful: bool = False  # what is not read may be rows of the same table

    def decisions(self, what: str, setting: str) -> list[ExportDecision]:
        """What is said of the choice; nothing where one table was all there is. `what`: "sheet" or "file"."""
        if len(self.read) + len(self.unread) < 2:
            return []
        read = f"{plural(len(self.read), f'its {what}', f'its {what}s')} {listed(self.read)} "
        read += plural(len(self.read), "is read", "are read")
        told = [f"{name} is not ({why})" for name, why in self.unread]
        sentence = f"{'; '.join([read, *told])}." if told else f"{read}, one after the other."
        return [
            ExportDecision(
                where="", what=sentence, setting=setting, level=_LEVELS[self.is_doubtful], moves_kvis=self.is_doubtful
            )
        ]


def choose(candidates: Sequence[Candidate], reading: ReadOptions) -> Choice:
    """The tables with the columns of the first: of the one with most of the names that are looked for."""
    holding = [each for each in candidates if each.columns]
    seen = [each for each in holding if not each.hidden] or holding
    if not seen:
        return Choice(tuple(each.name for each in candidates[:1]))
    base = max(seen, key=lambda each: len(reading.known & set(map(likeness, each.columns))))
    read, unread, is_doubtful = [], [], False
    for each in candidates:
        alike = is_alike(each.columns, base.columns, reading)
        if alike and (each in seen):
            read.append(each.name)
        else:
            why = each.hidden if alike else "it has other columns" if each.columns else "it is empty"
            unread.append((each.name, why))
            is_doubtful = is_doubtful or alike or (each.rows > 1 and len(each.columns) == len(base.columns))
    return Choice(tuple(read), tuple(unread), is_doubtful)


def is_alike(columns: Sequence[str], base: Sequence[str], reading: ReadOptions) -> bool:
    """Whether a table has what is needed, or half of the columns of another."""
    own, others = set(map(likeness, columns)), set(map(likeness, base))
    return bool(own) and (2 * len(own & others) >= len(others))
