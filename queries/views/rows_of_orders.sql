/*---
title: Orders behind a KVI
row: one row per order, the oldest first, with the score and band that count for it on its day; all its products in
  product, customer_id empty for one of a guest; matching counts all that match, of which the first are shown
needs: [orders]
parameters:
  most: 1000000
columns: {day: day, order_id: text, customer_id: text, amount: currency, product: text, score: number, band: text,
  matching: number}
personal: true
---*/
with
products_of_orders as (
    select
        order_id,
        string_agg(product, ' + ' order by product) as products
    from order_products
    group by order_id
),

orders_of_all as (
    select
        slice_id,
        day,
        order_id,
        customer_id,
        amount,
        product,
        score,
        band
    from scored_orders
    union all
    select
        settings.unknown_slice_id as slice_id,
        orders.day,
        orders.order_id,
        orders.customer_id,
        orders.amount,
        orders.product,
        null as score,
        'unscored' as band
    from orders
    cross join settings
    where orders.customer_id is null
)

select
    chosen_slices.slice,
    orders_of_all.day,
    orders_of_all.order_id,
    orders_of_all.customer_id,
    orders_of_all.amount,
    coalesce(products_of_orders.products, orders_of_all.product) as product,
    orders_of_all.score,
    orders_of_all.band,
    count(*) over (partition by chosen_slices.slice) as matching
from orders_of_all
inner join chosen_slices on orders_of_all.slice_id = chosen_slices.slice_id
left join products_of_orders on orders_of_all.order_id = products_of_orders.order_id
where orders_of_all.day between cast($first as date) and cast($last as date)
qualify
    row_number() over (
        partition by chosen_slices.slice order by orders_of_all.day asc, orders_of_all.order_id asc
    ) <= $most
order by chosen_slices.slice asc, orders_of_all.day asc, orders_of_all.order_id asc
