"""Which of several export files is the later one, told from their names: never from when they were written to disk."""

import re
import unicodedata
from collections.abc import Iterable

_SUFFIXES = re.compile(r"(\.(csv|tsv|txt|tab|json|jsonl|ndjson|parquet|pq|xlsx|xlsm|xls|xlsb|ods|gz))+$")


def in_natural_order(names: Iterable[str]) -> list[str]:
    """File names, the earliest first: orders-9 before orders-10, orders before orders (1)."""
    return sorted(names, key=_natural)


def _natural(name: str) -> tuple[tuple[tuple[str, int], ...], str, str]:
    folded = unicodedata.normalize("NFKC", name).casefold()
    bare = _SUFFIXES.sub("", folded)
    words = tuple((word, int(number or 0)) for word, number in re.findall(r"(\D*)(\d*)", bare) if word or number)
    return words, folded, name
