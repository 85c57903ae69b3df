r"""Letters in patterns of DuckDB: \p{L} says it shorter, and takes 3 to 20 ms to be made ready, each time."""

LETTERS = r"a-zA-Z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{1FFF}\x{3040}-\x{D7FF}"
"""A range, for use in brackets: letters and the signs between them of all living scripts that names are written in."""
LETTER = f"[{LETTERS}]"
NO_LETTER = f"[^{LETTERS}]"
