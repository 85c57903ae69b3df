"""Which views are finished by statistics that SQL cannot say, and by which. What they compute stands in `domain`."""

from collections.abc import Callable

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.kvis.readings import View

Finish = Callable[[Board, View, pd.DataFrame], pd.DataFrame]
"""From the rows of a view's SELECT, with `slice` first, to the rows that it answers with."""

FINISHED: dict[str, Finish] = {}
