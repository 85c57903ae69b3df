"""How rows are printed: as a table, JSON or CSV."""

import argparse

import pandas as pd

from kviboard.board.kvis.tables import to_csv, to_json, to_raw_csv, to_table
from kviboard.errors import UsageError

FORMATS = {"table": to_table, "json": to_json, "csv": to_csv}


def add_format(parser: argparse.ArgumentParser) -> None:
    """The options that say how rows are printed."""
    parser.add_argument("--format", choices=FORMATS, default="table", help="how to print it (default: table)")
    parser.add_argument(
        "--raw", action="store_true", help="with csv: texts as they are, also those that a spreadsheet would compute"
    )


def printed(frame: pd.DataFrame, options: argparse.Namespace) -> str:
    """Rows as `add_format` says. Raises UsageError where its options contradict each other."""
    if options.raw and options.format != "csv":
        raise UsageError("--raw goes with --format csv.")
    return to_raw_csv(frame) if options.raw else FORMATS[options.format](frame)
