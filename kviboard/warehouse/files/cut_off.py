"""Whether the very last value of a file may be cut off: what is left of an amount is an amount as well."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

_FEWEST = 10  # values that are all written alike from which on it is no chance
_MOST = 2_000  # of which it is seen how they are written
_LAST_DIGITS = re.compile(r"(\D?)(\d*)$")


@dataclass
class LastColumn:
    """The values of the last column, as batches of rows come in: how they are written, and the last row."""

    row: Sequence[str] = ("",)  # the last one
    line: int = 0  # on which it begins; 0 before the first row
    usual: list[str] = field(default_factory=list)  # values of rows before it

    @property
    def wanted(self) -> int:
        """How many more values tell how they are written: of further rows, the last one is enough."""
        return _MOST - len(self.usual)

    @property
    def value(self) -> str:
        """The last value of all."""
        return self.row[-1]

    def note(self, before: Iterable[str], row: Sequence[str], line: int) -> None:
        """Take the next rows: the last values of those `before` the last row, and that row with the line it begins
        on."""
        if self.line and self.wanted:
            self.usual.append(self.value)
        self.usual += islice(before, self.wanted)
        self.row, self.line = row, line

    @property
    def looks_cut_off(self) -> bool:
        """Whether all other values end in as many digits, as 49.90 and 2026-03-01 do, and the last one in fewer."""
        ends = {_end(value) for value in self.usual}
        if len(self.usual) < _FEWEST or len(ends) > 1 or not self.value.strip():
            return False
        (is_apart, digits) = ends.pop()
        own_apart, own_digits = _end(self.value)
        return digits > 0 and (own_digits < digits or (is_apart and not own_apart))


def _end(value: str) -> tuple[bool, int]:
    """Whether something stands before the digits that a value ends in, and how many these are."""
    found = _LAST_DIGITS.search(value.strip())
    return (bool(found[1]), len(found[2])) if found else (False, 0)
