-- one row per day and slice with activity: how many customers were active, and how many of them that day opened or
-- used up a stretch of activity. A stretch of 7 days opens on a day with no activity in the 6 days before, and ends
-- 7 days after a day with none in the 6 days behind it; so opened minus ended counts each customer once (28: alike).
with
numbered_customers as (  -- numbers sort in half the time of ids
    select
        customer_id,
        slice_id,
        cast(row_number() over (partition by slice_id order by customer_id) as integer) as number_in_slice
    from customers
),

gaps as (
    select
        customer_days.day,
        numbered_customers.slice_id,
        customer_days.minutes,
        date_diff('day', lag(customer_days.day) over own_days, customer_days.day) as days_since,
        date_diff('day', customer_days.day, lead(customer_days.day) over own_days) as days_until
    from customer_days
    inner join numbered_customers on customer_days.customer_id = numbered_customers.customer_id
    window
        own_days as (
            partition by numbered_customers.slice_id, numbered_customers.number_in_slice
            order by customer_days.day
        )
)

select
    day,
    slice_id,
    count(*) as active_customers,
    sum(minutes) as active_minutes,
    count(*) filter (where coalesce(days_since, 7) >= 7) as opened_7d,
    count(*) filter (where coalesce(days_until, 7) >= 7) as ending_7d,
    count(*) filter (where coalesce(days_since, 28) >= 28) as opened_28d,
    count(*) filter (where coalesce(days_until, 28) >= 28) as ending_28d
from gaps
group by day, slice_id
