/*---
title: What happened with one customer
row: one row per order, refund, answer, ticket and day of use of the customer named, newest first. what is the product,
  touchpoint or topic; closed_on of a ticket is empty while it is open
parameters:
  customer: ""
columns: {day: day, kind: text, what: text, amount: currency, score: number, comment: text,
  closed_on: day, minutes: number}
personal: true
---*/
with
products_of_orders as (
    select
        order_id,
        string_agg(product, ' + ' order by product) as products
    from order_products
    where customer_id = $customer
    group by order_id
),

happened as (
    select
        scored_orders.customer_id,
        scored_orders.day,
        case when scored_orders.is_purchase then 'order' else 'refund' end as kind,
        coalesce(products_of_orders.products, scored_orders.product) as what,
        cast(scored_orders.amount as double) as amount
    from scored_orders  -- the rows of a customer lie together
    left join products_of_orders on scored_orders.order_id = products_of_orders.order_id
    union all by name
    select
        customer_id,
        day,
        'answer' as kind,
        touchpoint as what,
        cast(score as double) as score,
        comment
    from responses
    union all by name
    select
        customer_id,
        day,
        coalesce(kind, 'ticket') as kind,
        topic as what,
        cast(closed_at as date) as closed_on
    from tickets
    union all by name
    select
        customer_id,
        day,
        'use' as kind,
        cast(minutes as double) as minutes
    from customer_days
)

select
    chosen_slices.slice,
    happened.day,
    happened.kind,
    happened.what,
    happened.amount,
    happened.score,
    happened.comment,
    happened.closed_on,
    happened.minutes
from happened
inner join customers on happened.customer_id = customers.customer_id
inner join chosen_slices on customers.slice_id = chosen_slices.slice_id
where happened.customer_id = $customer and happened.day between cast($first as date) and cast($last as date)
order by happened.day desc, happened.kind asc
