/*---
title: Orders that cannot be split by product
row: one row per slice with orders of several products of which not each line has an amount of its own; revenue is
  theirs, which is under none of the products
needs: [orders]
columns: {orders: number, revenue: currency}
---*/
with
unsplit as (
    select distinct order_id
    from order_products
    where amount is null
)

select
    chosen_slices.slice,
    count(*) as orders,
    cast(sum(orders.amount) as double) as revenue
from unsplit
inner join orders on unsplit.order_id = orders.order_id
left join customers on orders.customer_id = customers.customer_id
cross join settings
inner join chosen_slices on coalesce(customers.slice_id, settings.unknown_slice_id) = chosen_slices.slice_id
where orders.day between cast($first as date) and cast($last as date)
group by chosen_slices.slice
order by chosen_slices.slice
