-- one row per day and slice with orders or refunds: refunds lower the revenue of the day they were made on, under the
-- score held that day, but count neither as an order nor as a purchase that follows one
select
    day,
    slice_id,
    count(*) filter (where is_purchase) as orders,
    count(distinct customer_id) filter (where is_purchase) as ordering_customers,
    coalesce(sum(amount), 0) as revenue,
    coalesce(sum(amount) filter (where score >= 8), 0) as eight_plus_revenue,
    coalesce(sum(amount) filter (where band = 'promoter'), 0) as promoter_revenue,
    coalesce(sum(amount) filter (where band = 'passive'), 0) as passive_revenue,
    coalesce(sum(amount) filter (where band = 'detractor'), 0) as detractor_revenue,
    coalesce(sum(amount) filter (where band <> 'unscored'), 0) as scored_revenue,
    coalesce(sum(amount) filter (where band = 'unscored'), 0) as unscored_revenue,
    count(*) filter (where days_to_next_order <= 90) as orders_followed_90d
from scored_orders
group by day, slice_id
