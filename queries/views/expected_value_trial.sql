/*---
title: Predicted against actual, to try expected value
row: one row per tenth of customers by predicted revenue, 1 the highest. Predicted from the orders before the last 12
  months (at most the last third) of the orders; actual is what these months brought from the same customers, refunds
  taken off
needs: [orders.customer_id]
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
    from orders_by_day
),

bought as (
    select
        customer_order_days.customer_id,
        count(*) filter (
            where customer_order_days.is_purchase and customer_order_days.day > known.until_day
        ) as actual_orders,
        coalesce(
            sum(customer_order_days.revenue) filter (where customer_order_days.day > known.until_day), 0
        ) as actual_revenue
    from customer_order_days
    cross join known
    group by customer_order_days.customer_id
    having bool_or(customer_order_days.is_purchase and customer_order_days.day <= known.until_day)
)

select
    chosen_slices.slice,
    bought.customer_id,
    bought.actual_orders,
    cast(bought.actual_revenue as double) as actual_revenue
from bought
inner join customers on bought.customer_id = customers.customer_id
inner join chosen_slices on customers.slice_id = chosen_slices.slice_id
order by bought.customer_id
