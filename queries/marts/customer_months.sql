-- one row per customer and calendar month with orders or refunds
select
    customer_id,
    slice_id,
    cast(date_trunc('month', day) as date) as month,
    count(*) filter (where is_purchase) as orders,
    cast(sum(amount) as decimal(18, 2)) as revenue
from scored_orders
group by customer_id, slice_id, cast(date_trunc('month', day) as date)
