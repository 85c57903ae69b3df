"""Named segments of kviboard.toml: the customers that one stands for, within those chosen by dimensions."""

from collections.abc import Mapping

from kviboard.errors import UsageError
from kviboard.workspace import Workspace

Where = tuple[tuple[str, tuple[str, ...]], ...]


def segment_of(workspace: Workspace, where: Where) -> str:
    """The segment that just these customers are, as people read its name; "" for none."""
    chosen = {name: set(values) for name, values in where if values}
    same = (
        name
        for name, segment in workspace.segments.items()
        if {dimension: set(values) for dimension, values in segment.chosen.items()} == chosen
    )
    return next(same, "").replace("_", " ").capitalize() if chosen else ""


def within_segment(workspace: Workspace, name: str, where: Where) -> Where:
    """What chooses the customers of a segment among those that `where` chooses; `where` itself without a name.

    Raises UsageError where there is no such segment, or nobody is in both.
    """
    if not name:
        return where
    if name not in workspace.segments:
        known = ", ".join(sorted(workspace.segments)) or "none; [segments.NAME] in kviboard.toml makes one"
        raise UsageError(f'"{name}" is not a segment; known are {known}.')
    chosen: Mapping[str, tuple[str, ...]] = workspace.segments[name].chosen
    asked = dict(where)
    found = {}
    for dimension, values in chosen.items():
        kept = tuple(value for value in values if value in asked.get(dimension, values))
        if not kept:
            names = " or ".join(values)
            raise UsageError(
                f"{dimension} {' or '.join(asked[dimension])}: no customer of {name} is, they are {names}."
            )
        found[dimension] = kept
    return tuple({**asked, **found}.items())
