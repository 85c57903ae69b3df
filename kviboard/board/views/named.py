"""A view per named segment of kviboard.toml, as `--by` gives it per value of a dimension."""

from dataclasses import replace

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.segments import within_segment
from kviboard.board.views.views import Given, read_view, view_file
from kviboard.errors import UsageError


def read_per_segment(board: Board, name: str, view: View, **given: Given) -> pd.DataFrame:
    """The rows of a view for each named segment among the customers chosen, `slice` is the segment's name. Segments
    may overlap; the `share` of `segments` is of all customers chosen. Raises UsageError as `read_view`, and where no
    segment is named or the view has no slices."""
    segments = board.workspace.segments
    if not segments:
        raise UsageError("No segment is named; [segments.NAME] in kviboard.toml makes one.")
    if not view_file(board, name).is_sliced:
        raise UsageError(f"{view_file(board, name).title} cannot be filtered or sliced by customers.")
    found = []
    for segment in segments:
        chosen = replace(view, by=None, where=within_segment(board.workspace, segment, view.where))
        rows = read_view(board, name, chosen, **given)
        rows.insert(0, "slice", segment)
        found.append(rows)
    frame = pd.concat(found, ignore_index=True)
    if name == "segments":
        whole = float(read_view(board, name, replace(view, by=None))["revenue_12m"].sum())
        frame["share"] = (frame["revenue_12m"] / whole).where(frame["revenue_12m"].between(0, whole) & (whole > 0))
    return frame
