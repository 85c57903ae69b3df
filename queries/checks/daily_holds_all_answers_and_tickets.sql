-- The daily table over all slices holds every counting answer and every ticket
-- severity: error
with
from_rows as (
    select
        'answers' as what,
        count(*) as found
    from scored_responses
    union all
    select
        'tickets' as what,
        count(*) as found
    from tickets
),

from_daily as (
    select
        'answers' as what,
        coalesce(sum(responses), 0) as found
    from daily
    union all
    select
        'tickets' as what,
        coalesce(sum(tickets), 0) as found
    from daily
)

select
    from_rows.what,
    from_rows.found,
    from_daily.found as found_in_daily
from from_rows
inner join from_daily on from_rows.what = from_daily.what
where from_rows.found <> from_daily.found
