-- one row per customer and day with orders or refunds: what was bought that day, and that less refunds
select
    customer_id,
    day,
    bool_or(is_purchase) as is_purchase,
    coalesce(sum(amount) filter (where is_purchase), 0) as purchased,
    sum(amount) as revenue
from scored_orders
group by customer_id, day
order by customer_id, day
