-- one row per customer with orders or refunds: the first day with either, first and last purchase, purchases, and
-- revenue (refunds taken off), in all and in the 12 months up to the data's last day
select
    scored_orders.customer_id,
    min(scored_orders.day) as first_day,
    min(scored_orders.day) filter (where scored_orders.is_purchase) as first_order_on,
    max(scored_orders.day) filter (where scored_orders.is_purchase) as last_order_on,
    count(*) filter (where scored_orders.is_purchase) as orders,
    cast(sum(scored_orders.amount) as decimal(18, 2)) as revenue,
    cast(
        coalesce(
            sum(scored_orders.amount) filter (
                where scored_orders.day >= cast(data_days.last_day + 1 - interval 12 month as date)
            ), 0
        ) as decimal(18, 2)
    ) as revenue_12m
from scored_orders
cross join data_days
group by scored_orders.customer_id
