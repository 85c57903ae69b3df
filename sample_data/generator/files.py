"""Exports as text: one file's dialect, its rows, and the flaws put into it. Knows the place of every flaw."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Dialect:
    """How a tool writes its CSV."""

    delimiter: str = ","
    line_end: str = "\n"
    byte_order_mark: bool = False


@dataclass(frozen=True)
class Flaw:
    """One planted flaw: the physical line it begins on and what must become of it.

    outcome: rejected | duplicate (identical to another row, folded).
    """

    line: int
    column: str | None  # contract column; None when the line as a whole is at fault
    value: str
    reason: str
    outcome: str


@dataclass
class Export:
    """One file: its header, what each column means in the contract, its rows, and raw lines put in between."""

    name: str
    columns: dict[str, str]  # header -> contract column
    rows: list[list[str]]
    dialect: Dialect = Dialect()
    inserted: list[tuple[int, str, tuple[str | None, str, str, str]]] = field(default_factory=list)

    def insert(self, after: int, line: str, reason: str) -> None:
        """Put a raw line in after that many rows (all of them: a footer)."""
        self.inserted.append((after, line, (None, line, reason, "rejected")))

    def spoil(self, after: int, key: str, column: str, value: str, reason: str) -> None:
        """Put in a row like the one before it, under a key of its own and with one unusable value."""
        row = list(self.rows[after - 1])
        row[0] = key
        row[list(self.columns.values()).index(column)] = value
        self.inserted.append((after, self.line(row), (column, value, reason, "rejected")))

    def repeat(self, row: int) -> None:
        """Write a row a second time, a little later in the file."""
        key = self.rows[row][0]
        self.inserted.append((row + 3, self.line(self.rows[row]), (None, key, "identical row", "duplicate")))

    def line(self, row: list[str]) -> str:
        """The row as CSV."""
        return self.dialect.delimiter.join(map(self._quoted, row))

    def lines(self, rows: list[list[str]]) -> str:
        """The rows as CSV. Few need quotes: a million of them are looked at as a whole."""
        delimiter, line_end = self.dialect.delimiter, self.dialect.line_end
        text = line_end.join(map(delimiter.join, rows))
        separators = sum(map(len, rows)) - len(rows)
        if '"' in text or text.count("\n") != len(rows) - 1 or text.count(delimiter) != separators:
            return line_end.join(map(self.line, rows))
        return text

    def _quoted(self, value: str) -> str:
        if any(sign in value for sign in (self.dialect.delimiter, '"', "\n")):
            return '"' + value.replace('"', '""') + '"'
        return value

    def write(self) -> tuple[bytes, list[Flaw]]:
        """The file's bytes, and its flaws in order of their lines (the header is line 1)."""
        blocks, flaws, number, written = [self.line(list(self.columns))], [], 2, 0
        for after, raw, (column, value, reason, outcome) in sorted(self.inserted, key=lambda one: one[0]):
            if after > written:
                blocks.append(self.lines(self.rows[written:after]))
                number += 1 + blocks[-1].count("\n")
                written = after
            flaws.append(Flaw(number, column, value, reason, outcome))
            blocks.append(raw)
            number += 1 + raw.count("\n")
        if written < len(self.rows):
            blocks.append(self.lines(self.rows[written:]))
        text = self.dialect.line_end.join([*blocks, ""])
        return text.encode("utf-8-sig" if self.dialect.byte_order_mark else "utf-8"), flaws
