-- one row per customer with orders or refunds: the first day with either, first and last purchase, purchases, and
-- revenue (refunds taken off)
select
    customer_id,
    min(day) as first_day,
    min(day) filter (where is_purchase) as first_order_on,
    max(day) filter (where is_purchase) as last_order_on,
    count(*) filter (where is_purchase) as orders,
    sum(amount) as revenue
from scored_orders
group by customer_id
