-- one row per day and slice with orders or refunds: refunds lower the revenue of the day they were made on, under the
-- score held that day, but count neither as an order nor as a purchase that follows one
select
    day,
    slice_id,
    count(*) filter (where is_purchase) as orders,
    count(distinct customer_id) filter (where is_purchase) as ordering_customers,
    sum(amount) as revenue,
    sum(amount) filter (where score >= 8) as eight_plus_revenue,
    sum(amount) filter (where band = 'promoter') as promoter_revenue,
    sum(amount) filter (where band = 'passive') as passive_revenue,
    sum(amount) filter (where band = 'detractor') as detractor_revenue,
    sum(amount) filter (where band <> 'unscored') as scored_revenue,
    sum(amount) filter (where band = 'unscored') as unscored_revenue,
    count(*) filter (where days_to_next_order <= 90) as orders_followed_90d
from scored_orders
group by day, slice_id
