-- one row per customer: the day they became one, which is the sign-up where it is known, else the first day with
-- activity or a purchase, as far as the exports in starting_exports tell (a refund starts nobody); is_earned where a
-- referral or recommendation brought them. Whoever any export shows before the day from which those know who is new may
-- have been there long before: started_on is unknown (null), and they are new in no period.
with
first_days as (
    select
        'activity' as export,
        customer_id,
        first_active_on as seen_on,
        first_active_on as starts_on
    from customer_activity
    union all
    select
        'orders' as export,
        customer_id,
        first_day as seen_on,
        first_order_on as starts_on
    from customer_orders
    union all
    select
        'responses' as export,
        customer_id,
        day as seen_on,
        day as starts_on
    from responses
    union all
    select
        'tickets' as export,
        customer_id,
        day as seen_on,
        day as starts_on
    from tickets
),

first_seen as (
    select
        first_days.customer_id,
        min(first_days.seen_on) as seen_on,
        min(case when starting_exports.export is not null then first_days.starts_on end) as starts_on
    from first_days
    left join starting_exports on first_days.export = starting_exports.export
    group by first_days.customer_id
),

known as (
    select max(known_from) as known_from
    from starting_exports
)

select
    customers.customer_id,
    customers.slice_id,
    coalesce(
        customers.signed_up_on, case when first_seen.seen_on >= known.known_from then first_seen.starts_on end
    ) as started_on,
    coalesce(customers.acquisition = 'earned', false) as is_earned
from customers
cross join known
left join first_seen on customers.customer_id = first_seen.customer_id
