/*---
title: Predicted against actual, to try expected value
row: one row per tenth of customers by predicted revenue, 1 the highest. Predicted from the orders before the last 12
  months (at most the last third) of the orders; actual is what these months brought from the same customers, refunds
  taken off
needs: [orders]
columns:
  decile: number
  customers: customers
  predicted_orders: number
  actual_orders: number
  predicted_revenue: currency
  actual_revenue: currency
parameters:
  until: ""
---*/
with
known as (
    select coalesce(try_cast($until as date), max(day)) as until_day
    from scored_orders
)

select
    chosen_slices.slice,
    scored_orders.customer_id,
    count(distinct scored_orders.day) filter (
        where scored_orders.is_purchase and scored_orders.day > known.until_day
    ) as actual_orders,
    cast(
        coalesce(sum(case when scored_orders.day > known.until_day then scored_orders.amount end), 0) as double
    ) as actual_revenue
from scored_orders
cross join known
inner join chosen_slices on scored_orders.slice_id = chosen_slices.slice_id
group by chosen_slices.slice, scored_orders.customer_id
having bool_or(scored_orders.is_purchase and scored_orders.day <= known.until_day)
order by scored_orders.customer_id
