"""The rows that a KVI of the company's own counts: what its SELECT returns in a period, to be added up by hand.

The board's own KVIs are read from measures of days, which name no row; behind them stand the rows of their exports.
"""

from dataclasses import replace

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.sql import facts_of, sql_of_rows
from kviboard.catalog.files import tables_read
from kviboard.domain.kvis.kvi import Kvi


def has_counted_rows(kvi: Kvi) -> bool:
    """Whether its SELECT says which rows count; one over the measures of days alone does not."""
    return kvi.is_own and tables_read(kvi.sql) != {"daily"}


def counted_rows(board: Board, kvi: Kvi, period: View, most: int | None = None) -> pd.DataFrame:
    """The rows of the one period that `period` begins and ends with, for the customers looked at, by day; the first
    ones where they are more than `most`. Their columns are those of the SELECT, with `matching` behind them: how many
    there are. Raises QueryError where it does not run.
    """
    reader = board.reader
    columns = [name for name, _ in reader.columns(kvi.sql)]
    question = replace(period.question, first=period.first, last=period.last)
    return reader.frame(*sql_of_rows(facts_of(kvi, reader), columns, question, most))
