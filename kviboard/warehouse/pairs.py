"""What one customer's answers have in common, as functions of SQL: sums over pairs of them.

Both take the name of a table or step that has a row per answer, or per several answers of one customer: `whose` they
are, how many (`answers`), the sum of what they say (`points`) and of its `squares`. Their sums are told apart by
whatever else stands in it, but `is_now` of pairs_between. What they return is explained at `Repeats` and `Shared` of
`kviboard/domain/kvis/intervals.py`; groups in which nobody answered twice have no row.
`customers` of pairs_between are those who answered both times.
"""

import duckdb

_AMONG = """create macro pairs_among(told) as table
with
of_customers as (
    select
        * exclude (answers, points, squares),
        cast(sum(answers) as double) as given,
        cast(sum(points) as double) as said,
        cast(sum(squares) as double) as each_squared
    from query_table(told)
    group by all
    having sum(answers) > 1
)

select
    * exclude (whose, given, said, each_squared),
    sum(given * given - given) as pairs,
    sum(said * given - said) as pair_sum,
    sum(said * said - each_squared) as pair_products,
    sum(given - 1) as again
from of_customers
group by all"""

_BETWEEN = """create macro pairs_between(told) as table
with
of_customers as (
    select
        * exclude (is_now, answers, points, squares),
        cast(sum(answers) filter (where is_now) as double) as given,
        cast(sum(points) filter (where is_now) as double) as said,
        cast(sum(answers) filter (where not is_now) as double) as given_before,
        cast(sum(points) filter (where not is_now) as double) as said_before
    from query_table(told)
    group by all
    having bool_or(is_now) and not bool_and(is_now)
)

select
    * exclude (whose, given, said, given_before, said_before),
    sum(given * given_before) as shared,
    sum(said * given_before) as shared_sum,
    sum(said_before * given) as shared_sum_before,
    sum(said * said_before) as shared_products,
    count(*) as customers
from of_customers
group by all"""


def create_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """From now on SQL on this connection may call pairs_among and pairs_between."""
    for macro in (_AMONG, _BETWEEN):
        connection.execute(macro)
