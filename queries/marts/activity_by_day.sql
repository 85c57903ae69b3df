-- one row per day and slice with activity: how many customers were active, and how many of them that day opened or
-- used up a stretch of activity. A stretch of 7 days opens on a day with no activity in the 6 days before, and ends
-- 7 days after a day with none in the 6 days behind it (28: alike). The day that it ended with counts here once the
-- customer has come back: a customer's last day is still missing. So later activity only adds to these sums.
with
happened as (
    select
        customer_days.day,
        customers.slice_id,
        count(*) as active_customers,
        sum(customer_days.minutes) as active_minutes,
        count(*) filter (where coalesce(customer_days.days_since_active, 7) >= 7) as opened_7d,
        0 as ended_7d,
        count(*) filter (where coalesce(customer_days.days_since_active, 28) >= 28) as opened_28d,
        0 as ended_28d
    from customer_days
    inner join customers on customer_days.customer_id = customers.customer_id
    group by customer_days.day, customers.slice_id
    union all
    select
        customer_days.day - customer_days.days_since_active as day,
        customers.slice_id,
        0 as active_customers,
        0 as active_minutes,
        0 as opened_7d,
        count(*) as ended_7d,
        0 as opened_28d,
        count(*) filter (where customer_days.days_since_active >= 28) as ended_28d
    from customer_days
    inner join customers on customer_days.customer_id = customers.customer_id
    where customer_days.days_since_active >= 7
    group by customer_days.day - customer_days.days_since_active, customers.slice_id
)

select
    day,
    slice_id,
    cast(sum(active_customers) as bigint) as active_customers,
    sum(active_minutes) as active_minutes,
    cast(sum(opened_7d) as bigint) as opened_7d,
    cast(sum(ended_7d) as bigint) as ended_7d,
    cast(sum(opened_28d) as bigint) as opened_28d,
    cast(sum(ended_28d) as bigint) as ended_28d
from happened
group by day, slice_id
