"""The SQL of an evaluation as people read it: with its parameters filled in, to be tried elsewhere."""

from datetime import date

from kviboard.board.kvis.reach import reach_of
from kviboard.board.kvis.sql import Question, facts_of, plan, sql_of
from kviboard.domain.kvis.kvi import Kvi
from kviboard.warehouse.reader import Reader


def sql_behind(reader: Reader, kvi: Kvi, question: Question) -> str:
    """The SQL of an evaluation with its parameters filled in, to be read and tried elsewhere.

    It is what stands for one KVI in what the board asks: all KVIs over the same facts at once, and all slices, of which
    it adds up the chosen ones.
    """
    reach = reach_of(kvi, reader)
    if reach is None:
        return kvi.sql
    slices = reader.dimension_values(question.by, question.where) if question.by else []
    sql, parameters = sql_of(plan(facts_of(kvi, reader), [(kvi, reach)]), question, slices)
    for name in sorted(parameters, key=len, reverse=True):
        sql = sql.replace(f"${name}", _literal(parameters[name]))
    return sql


def _literal(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_literal(item) for item in value)}]"
    if isinstance(value, date):
        return f"date '{value}'"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
