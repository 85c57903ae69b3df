-- one row per day and slice with orders or refunds: refunds lower the revenue of the day they were made on, under the
-- score held that day, but count neither as an order nor as a purchase that follows one
select
    day,
    slice_id,
    count(*) filter (where is_purchase) as orders,
    count(distinct customer_id) filter (where is_purchase) as ordering_customers,
    cast(coalesce(sum(amount), 0) as decimal(18, 2)) as revenue,
    cast(coalesce(sum(amount) filter (where score >= 8), 0) as decimal(18, 2)) as eight_plus_revenue,
    cast(coalesce(sum(amount) filter (where band = 'promoter'), 0) as decimal(18, 2)) as promoter_revenue,
    cast(coalesce(sum(amount) filter (where band = 'passive'), 0) as decimal(18, 2)) as passive_revenue,
    cast(coalesce(sum(amount) filter (where band = 'detractor'), 0) as decimal(18, 2)) as detractor_revenue,
    cast(coalesce(sum(amount) filter (where band <> 'unscored'), 0) as decimal(18, 2)) as scored_revenue,
    cast(coalesce(sum(amount) filter (where band = 'unscored'), 0) as decimal(18, 2)) as unscored_revenue,
    count(*) filter (where days_to_next_order <= 90) as orders_followed_90d
from scored_orders
group by day, slice_id
