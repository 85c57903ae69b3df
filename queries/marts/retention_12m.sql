-- one row per slice and day that ends a month, or ends the orders, with two years of orders behind it: revenue and
-- customers of the 12 months up to that day, of the 12 months before, and what the customers of then bring now.
-- The 12 months up to a day begin on the same day of the month a year before, plus one; up to 28 Feb of a leap year on
-- 1 March. Refunds lower revenue; only purchases make a customer count. Earned: brought by a referral or
-- recommendation, first purchase in the last 12. Guests tell nothing of customers: the orders begin with the first of a
-- customer.
with
order_days as (
    select
        min(day) filter (where customer_id is not null) as first_day,
        max(day) as last_day
    from orders
),

months as (
    select
        first_day,
        last_day,
        unnest(generate_series(cast(date_trunc('month', first_day) as date), last_day, interval 1 month)) as month
    from order_days
),

ends as (
    select
        first_day,
        least(cast(month + interval 1 month as date) - 1, last_day) as day
    from months
),

spans as (
    select
        day,
        first_day,
        greatest(cast(day + 1 - interval 12 month as date), cast(day - interval 12 month as date) + 1) as last_from,
        greatest(cast(day + 1 - interval 24 month as date), cast(day - interval 24 month as date) + 1) as prior_from
    from ends
),

customer_windows as (
    select
        spans.day,
        spans.last_from,
        scored_orders.slice_id,
        scored_orders.customer_id,
        sum(case when scored_orders.day >= spans.last_from then scored_orders.amount else 0 end) as last_revenue,
        sum(case when scored_orders.day < spans.last_from then scored_orders.amount else 0 end) as prior_revenue,
        count(*) filter (where scored_orders.is_purchase and scored_orders.day >= spans.last_from) as last_orders,
        count(*) filter (where scored_orders.is_purchase and scored_orders.day < spans.last_from) as prior_orders,
        min(scored_orders.day) < spans.last_from as is_prior_customer
    from spans
    inner join scored_orders on spans.prior_from <= scored_orders.day and spans.day >= scored_orders.day
    where spans.prior_from >= spans.first_day
    group by spans.day, spans.last_from, scored_orders.slice_id, scored_orders.customer_id
),

earned_customers as (
    select
        customer_orders.customer_id,
        customer_orders.first_order_on
    from customer_orders
    inner join customers on customer_orders.customer_id = customers.customer_id
    where customers.acquisition = 'earned'
)

select
    windows.day,
    windows.slice_id,
    sum(windows.last_revenue) as revenue_12m,
    count(*) filter (where windows.last_orders > 0) as customers_12m,
    sum(windows.prior_revenue) as prior_revenue,
    count(*) filter (where windows.prior_orders > 0) as prior_customers,
    sum(case when windows.is_prior_customer then windows.last_revenue else 0 end) as retained_revenue,
    count(*) filter (where windows.last_orders > 0 and windows.prior_orders > 0) as retained_customers,
    sum(case when earned.first_order_on >= last_from then windows.last_revenue else 0 end) as earned_revenue
from customer_windows as windows
left join earned_customers as earned on windows.customer_id = earned.customer_id
group by windows.day, windows.slice_id
order by windows.day, windows.slice_id
