-- one row per customer and day with activity, sorted by customer and day
select
    customer_id,
    day,
    count(*) as events,
    sum(coalesce(minutes, 0)) as minutes
from activity
group by customer_id, day
order by customer_id, day
