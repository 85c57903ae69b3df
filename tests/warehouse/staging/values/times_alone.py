"""A column of times read without a refresh: for the many ways in which tools write them.

That a refresh reads them so, by the settings of the workspace, is told beside it.
"""

from kviboard.domain.contract import Column
from kviboard.warehouse.engine import quoted
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.date_readings import read_dates
from kviboard.warehouse.staging.values.cast import Rules, cast_column
from kviboard.warehouse.staging.values.place import Place
from tests.warehouse.company import memory

NAME = "occurred_at"
COLUMN = Column(NAME, "time", required=True)


def read_alone(
    times: list[str], timezone: str = "UTC", date_format: str | None = None
) -> tuple[list[str], list[ExportDecision]]:
    """The times of occurred_at as they are read, or why not, in their order; and what is said about them."""
    rules = Rules(timezone=timezone, date_format=date_format)
    with memory().cursor() as connection:
        connection.execute(
            f"create temp table times as select 'exports/activity.csv' as {FILE}, unnest(range(2, ?)) as {LINE}, "
            f"unnest(?::varchar[]) as {NAME}",
            [len(times) + 2, times],
        )
        place = Place("activity", "activity", "times", "times", is_text=True, headers=(NAME,), columns=(NAME,))
        style, said = read_dates(connection, place, COLUMN, "VARCHAR", rules)
        how = cast_column(COLUMN, "VARCHAR", True, rules, style)
        cleaned = f"select {how.clean} as {how.alias}, {NAME}, {LINE} from times"
        numbers = f", {how.number} as {quoted(how.number_alias)}" if how.number else ""
        steps = f"select {how.typed} as {NAME}, * exclude ({NAME}) from (select *{numbers} from ({cleaned}))"
        found = connection.sql(f"select {NAME}, {how.reason} from ({steps}) order by {LINE}").fetchall()
    return [reason or str(time) for time, reason in found], said
