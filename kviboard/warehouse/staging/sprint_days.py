"""Sprints of one team whose days overlap: of one name, probably one sprint whose first day was moved; of two, probably
those of two teams."""

import duckdb

from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import row_of
from kviboard.warehouse.manifest import ExportDecision


def sprints_twice(connection: duckdb.DuckDBPyConnection) -> list[ExportDecision]:
    """A warning where a sprint seems to be there twice, with another first day."""
    count, name, one, other = row_of(
        connection,
        """
        select count(*), arg_min(a.name, a.starts_on), min(a.starts_on), arg_min(b.starts_on, a.starts_on)
        from sprints as a
        inner join sprints as b
            on a.name = b.name and a.team is not distinct from b.team
            and a.starts_on < b.starts_on and a.ends_on >= b.starts_on
        """,
    )
    if not count:
        return []
    are = f"{counted(count, 'sprint')} {plural(count, 'is', 'are')} there twice, with days that overlap"
    example = f'"{name}" from {one} and from {other}'
    return [_warning(f"{are}; both count.", example, "Where the first day was moved, remove the row with the old one.")]


def sprints_at_once(connection: duckdb.DuckDBPyConnection) -> list[ExportDecision]:
    """A warning where a sprint shares more than a day with the next one of its team: many tools export the last day of
    one as the first of the next."""
    count, name, ends_on, other, starts_on, of_teams = row_of(
        connection,
        """
        select
            count(*), arg_min(name, starts_on), arg_min(ends_on, starts_on), arg_min(next_name, starts_on),
            arg_min(next_starts_on, starts_on), count(team)
        from (
            select
                name, starts_on, ends_on, team, lead(name) over in_turn as next_name,
                lead(starts_on) over in_turn as next_starts_on
            from sprints
            window in_turn as (partition by team order by starts_on, ends_on, name)
        )
        where ends_on > next_starts_on and name <> next_name
        """,
    )
    if not count:
        return []
    of_its = " of its team" if of_teams else ""
    shares = f"{counted(count, 'sprint')} {plural(count, 'shares', 'share')} more than a day with the next one{of_its}"
    what = f"{shares}; these days count in the later one only."
    example = f'"{name}" to {ends_on} and "{other}" from {starts_on}'
    mend = "Correct their days, or the team." if of_teams else "Where they are of two teams, export a column team."
    return [_warning(what, example, mend)]


def _warning(what: str, example: str, setting: str) -> ExportDecision:
    return ExportDecision(
        where="The sprints export", what=what, example=example, setting=setting, level="warning", moves_kvis=True
    )
