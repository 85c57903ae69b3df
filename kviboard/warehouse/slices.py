"""The customers a query is about: the steps that put `chosen_slices` before it, as filters and slices ask.

A slice is one combination of the dimensions' values; every mart that can be sliced has its slice_id.
"""

from collections.abc import Mapping, Sequence

from kviboard.warehouse.engine import quoted

ALL = "All"  # what all customers together are called where nothing is asked to slice by

_CHOSEN = """with
chosen_slices as (
    select
        slice_id,
        {name} as slice
    from slices
    where true{filters}
)"""


def with_chosen_slices(sql: str, by: str | None, where: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, object]]:
    """A SELECT that reads chosen_slices (slice_id, slice), with them before it, and the parameters they add.

    `by` and the keys of `where` are dimensions of the workspace.
    """
    parameters: dict[str, object] = {}
    filters = ""
    for number, (dimension, values) in enumerate(where.items()):
        if values:
            parameters[f"where_{number}"] = list(values)
            filters += f"\n        and {quoted(dimension)} in (select unnest($where_{number}))"
    chosen = _CHOSEN.format(name=f"cast({quoted(by)} as varchar)" if by else f"'{ALL}'", filters=filters)
    body = sql.strip()
    has_steps = body[:4].lower() == "with" and body[4:5].isspace()
    return f"{chosen},\n\n{body[4:].lstrip()}" if has_steps else f"{chosen}\n\n{body}", parameters
