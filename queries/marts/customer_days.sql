-- one row per customer and day with activity, with the days since the customer's active day before (null: the first);
-- the days of a customer lie together. Later activity only adds rows: new_activity is what has come since the rows that
-- are there were made, active_before the customers active until then; at first, that is all activity and nobody.
with
numbered_customers as (  -- numbers group and sort in half the time and memory of ids
    select
        customers.customer_id,
        cast(row_number() over (order by customers.customer_id) as integer) as customer_number,
        active_before.last_day
    from customers
    left join active_before on customers.customer_id = active_before.customer_id
),

active_days as (
    select
        numbered_customers.customer_number,
        new_activity.day,
        count(*) as events,
        coalesce(sum(new_activity.minutes), 0) as minutes
    from new_activity
    inner join numbered_customers on new_activity.customer_id = numbered_customers.customer_id
    group by numbered_customers.customer_number, new_activity.day
),

neighbours as (
    select
        customer_number,
        day,
        events,
        minutes,
        lag(day) over (partition by customer_number order by day) as day_before
    from active_days
)

select
    numbered_customers.customer_id,
    neighbours.day,
    neighbours.events,
    neighbours.minutes,
    cast(
        date_diff('day', coalesce(neighbours.day_before, numbered_customers.last_day), neighbours.day) as integer
    ) as days_since_active
from neighbours
inner join numbered_customers on neighbours.customer_number = numbered_customers.customer_number
