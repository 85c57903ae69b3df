"""What kind of export a file is, by its name."""

from pathlib import PurePath

READABLE = (
    ".csv", ".tsv", ".tab", ".txt", ".parquet", ".pq", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm", ".xls", ".xlsb",
    ".ods", ".zip",
)  # fmt: skip
_KINDS = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".xlsx": "sheet",
    ".xlsm": "sheet",
    ".xls": "sheet",
    ".xlsb": "sheet",
    ".ods": "sheet",
    ".zip": "archive",
}


def kind_of_file(name: str) -> str:
    """parquet, json, sheet, archive or text."""
    return _KINDS.get(_suffix(name), "text")


def is_readable(name: str) -> bool:
    """Whether a file of such a name is likely to be an export."""
    return _suffix(name) in READABLE


def _suffix(name: str) -> str:
    return PurePath(name.lower().removesuffix(".gz")).suffix
