-- one row per day and slice with orders or refunds: refunds lower the revenue of the day they were made on, under the
-- score held that day, but count neither as an order nor as a purchase that follows one. Orders of guests, whom no id
-- names, are unscored, in the slice of unknown customers, and not of customers
with
orders_of_all as (
    select
        day,
        slice_id,
        amount,
        is_purchase,
        score,
        band,
        days_to_next_order,
        true as is_of_customer
    from scored_orders
    union all
    select
        orders.day,
        settings.unknown_slice_id as slice_id,
        orders.amount,
        orders.amount >= 0 as is_purchase,
        null as score,
        'unscored' as band,
        null as days_to_next_order,
        false as is_of_customer
    from orders
    cross join settings
    where orders.customer_id is null
),

summed as (
    select
        day,
        slice_id,
        count(*) filter (where is_purchase) as orders,
        count(*) filter (where is_purchase and is_of_customer) as orders_of_customers,
        coalesce(sum(amount), 0) as revenue,
        coalesce(sum(amount) filter (where is_of_customer), 0) as revenue_of_customers,
        coalesce(sum(amount) filter (where score >= 8), 0) as eight_plus_revenue,
        coalesce(sum(amount) filter (where band = 'promoter'), 0) as promoter_revenue,
        coalesce(sum(amount) filter (where band = 'passive'), 0) as passive_revenue,
        coalesce(sum(amount) filter (where band = 'detractor'), 0) as detractor_revenue,
        coalesce(sum(amount) filter (where band <> 'unscored'), 0) as scored_revenue,
        coalesce(sum(amount) filter (where band = 'unscored'), 0) as unscored_revenue,
        count(*) filter (where days_to_next_order <= 90) as orders_followed_90d
    from orders_of_all
    group by day, slice_id
)

select
    summed.day,
    summed.slice_id,
    summed.orders,
    summed.orders_of_customers,
    coalesce(ordering_customers.customers, 0) as ordering_customers,
    summed.revenue,
    summed.revenue_of_customers,
    summed.eight_plus_revenue,
    summed.promoter_revenue,
    summed.passive_revenue,
    summed.detractor_revenue,
    summed.scored_revenue,
    summed.unscored_revenue,
    summed.orders_followed_90d
from summed
left join ordering_customers
    on
        summed.day = ordering_customers.day
        and summed.slice_id = ordering_customers.slice_id
        and ordering_customers.period_from = ordering_customers.day
