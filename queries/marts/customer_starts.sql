-- one row per customer: the day they became one, which is the sign-up where it is known, else the first day with
-- activity, a purchase, an answer or a ticket (a refund starts nobody); is_earned where a referral or recommendation
-- brought them. Whoever is first seen in the first 28 days of the export that shows them may have been there long
-- before: started_on is unknown (null), and they are new in no period.
with
first_days as (
    select
        customer_id,
        first_active_on as day,
        min(first_active_on) over () as data_from
    from customer_activity
    union all
    select
        customer_id,
        first_order_on as day,
        min(first_day) over () as data_from
    from customer_orders
    union all
    select
        customer_id,
        day,
        min(day) over () as data_from
    from responses
    union all
    select
        customer_id,
        day,
        min(day) over () as data_from
    from tickets
),

first_seen as (  -- of several exports on that day the one that knows least of the time before
    select
        customer_id,
        day,
        date_diff('day', data_from, day) as days_before,
        row_number() over (partition by customer_id order by day asc, data_from desc) as place
    from first_days
    where day is not null
)

select
    customers.customer_id,
    customers.slice_id,
    coalesce(customers.signed_up_on, case when first_seen.days_before >= 28 then first_seen.day end) as started_on,
    coalesce(customers.acquisition = 'earned', false) as is_earned
from customers
left join first_seen on customers.customer_id = first_seen.customer_id and first_seen.place = 1
