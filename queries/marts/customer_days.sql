-- one row per customer and day with activity (not sorted: sorting 70 million rows costs as much as finding them)
select
    customer_id,
    day,
    count(*) as events,
    sum(coalesce(minutes, 0)) as minutes
from activity
group by customer_id, day
