/*---
title: Orders behind a KVI
row: one row per order, the oldest first, with the score and band that count for it on its day; matching counts all
  that match, of which the first are shown
needs: [orders]
parameters:
  most: 1000000
columns: {day: day, order_id: text, customer_id: text, amount: currency, product: text, score: number, band: text,
  matching: number}
personal: true
---*/
select
    chosen_slices.slice,
    scored_orders.day,
    scored_orders.order_id,
    scored_orders.customer_id,
    scored_orders.amount,
    scored_orders.product,
    scored_orders.score,
    scored_orders.band,
    count(*) over (partition by chosen_slices.slice) as matching
from scored_orders
inner join chosen_slices on scored_orders.slice_id = chosen_slices.slice_id
where scored_orders.day between cast($first as date) and cast($last as date)
qualify
    row_number() over (
        partition by chosen_slices.slice order by scored_orders.day asc, scored_orders.order_id asc
    ) <= $most
order by chosen_slices.slice asc, scored_orders.day asc, scored_orders.order_id asc
