-- one row per day and slice with activity: how many customers were active, and how many of them that day opened or
-- used up a stretch of activity. A stretch of 7 days opens on a day with no activity in the 6 days before, and ends
-- 7 days after a day with none in the 6 days behind it; so opened minus ended counts each customer once (28: alike).
-- The day that a stretch ended with is known from the day that the customer came back on, or is the customer's last.
with
openings as (
    select
        customer_days.day,
        customers.slice_id,
        count(*) as active_customers,
        sum(customer_days.minutes) as active_minutes,
        count(*) filter (where coalesce(customer_days.days_since_active, 7) >= 7) as opened_7d,
        count(*) filter (where coalesce(customer_days.days_since_active, 28) >= 28) as opened_28d
    from customer_days
    inner join customers on customer_days.customer_id = customers.customer_id
    group by customer_days.day, customers.slice_id
),

ends as (
    select
        customer_days.day - customer_days.days_since_active as day,
        customers.slice_id,
        count(*) as ending_7d,
        count(*) filter (where customer_days.days_since_active >= 28) as ending_28d
    from customer_days
    inner join customers on customer_days.customer_id = customers.customer_id
    where customer_days.days_since_active >= 7
    group by customer_days.day - customer_days.days_since_active, customers.slice_id
    union all
    select
        customer_activity.last_active_on as day,
        customers.slice_id,
        count(*) as ending_7d,
        count(*) as ending_28d
    from customer_activity
    inner join customers on customer_activity.customer_id = customers.customer_id
    group by customer_activity.last_active_on, customers.slice_id
),

endings as (
    select
        day,
        slice_id,
        sum(ending_7d) as ending_7d,
        sum(ending_28d) as ending_28d
    from ends
    group by day, slice_id
)

select
    openings.day,
    openings.slice_id,
    openings.active_customers,
    openings.active_minutes,
    openings.opened_7d,
    cast(coalesce(endings.ending_7d, 0) as bigint) as ending_7d,
    openings.opened_28d,
    cast(coalesce(endings.ending_28d, 0) as bigint) as ending_28d
from openings
left join endings on openings.day = endings.day and openings.slice_id = endings.slice_id
