-- The days of all customers together hold every row of activity
-- severity: error
with
from_activity as (
    select count(*) as events
    from activity
),

from_days as (
    select coalesce(sum(events), 0) as events
    from customer_days
)

select
    from_activity.events,
    from_days.events as events_in_days
from from_activity
cross join from_days
where from_activity.events <> from_days.events
