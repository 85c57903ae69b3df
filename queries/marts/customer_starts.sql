-- one row per customer: the day they became one, which is the sign-up where it is known, else the first day with
-- activity, an order, an answer or a ticket; is_earned where a referral or recommendation brought them
with
first_days as (
    select
        customer_id,
        first_active_on as day
    from customer_activity
    union all
    select
        customer_id,
        first_day as day
    from customer_orders
    union all
    select
        customer_id,
        day
    from responses
    union all
    select
        customer_id,
        day
    from tickets
),

first_seen as (
    select
        customer_id,
        min(day) as first_day
    from first_days
    group by customer_id
)

select
    customers.customer_id,
    customers.slice_id,
    coalesce(customers.signed_up_on, first_seen.first_day) as started_on,
    coalesce(customers.acquisition = 'earned', false) as is_earned
from customers
left join first_seen on customers.customer_id = first_seen.customer_id
