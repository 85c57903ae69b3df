/*---
title: What each customer will probably order and spend
row: one row per customer with a purchase, as known on the last day with orders. orders counts days with purchases,
  recency_days from the first to the last of them, age_days from the first to that day. alive, expected_orders_12m,
  expected_revenue_12m come from BG/NBD and gamma-gamma; where they miss held-out months by more than 20 %, the revenue
  is the last 12 months' times net revenue retention and the others are empty
needs: [orders.customer_id]
columns:
  customer_id: text
  orders: number
  recency_days: days
  age_days: days
  alive: percent
  expected_orders_12m: number
  expected_revenue_12m: currency
parameters:
  until: ""
personal: true
---*/
with
known as (
    select coalesce(try_cast($until as date), max(day)) as until_day
    from orders_by_day
),

histories as (
    select
        customer_order_days.customer_id,
        count(*) filter (where customer_order_days.is_purchase) as orders,
        min(customer_order_days.day) filter (where customer_order_days.is_purchase) as first_day,
        max(customer_order_days.day) filter (where customer_order_days.is_purchase) as last_day,
        max(known.until_day) as until_day,
        sum(customer_order_days.purchased) as purchased,
        arg_min(customer_order_days.purchased, customer_order_days.day) filter (
            where customer_order_days.is_purchase
        ) as purchased_first,
        sum(customer_order_days.revenue) as revenue
    from customer_order_days
    cross join known
    where customer_order_days.day <= known.until_day
    group by customer_order_days.customer_id
)

select
    chosen_slices.slice,
    histories.customer_id,
    customers.slice_id,
    histories.orders,
    date_diff('day', histories.first_day, histories.last_day) as recency_days,
    date_diff('day', histories.first_day, histories.until_day) as age_days,
    cast(histories.purchased - histories.purchased_first as double) as repeat_amount,
    cast(histories.purchased as double) as purchased,
    cast(histories.revenue as double) as revenue,
    cast(coalesce(customer_spending.revenue_12m, 0) as double) as revenue_12m
from histories
inner join customers on histories.customer_id = customers.customer_id
inner join chosen_slices on customers.slice_id = chosen_slices.slice_id
left join customer_spending on histories.customer_id = customer_spending.customer_id
where histories.orders > 0
order by histories.customer_id
