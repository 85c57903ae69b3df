/*---
title: Orders of guests
row: one row per slice with orders that name no customer, in the 12 months up to the last day of orders; revenue is
  theirs, share its part of all revenue of that time
needs: [orders]
columns: {orders: number, revenue: currency, share: percent}
---*/
with
year as (
    select
        greatest(
            cast(max(day) + 1 - interval 12 month as date), cast(max(day) - interval 12 month as date) + 1
        ) as first_day  -- 1 March, up to 28 Feb of a leap year
    from orders_by_day
)

select
    chosen_slices.slice,
    cast(sum(orders_by_day.orders - orders_by_day.orders_of_customers) as bigint) as orders,
    cast(sum(orders_by_day.revenue - orders_by_day.revenue_of_customers) as double) as revenue,
    cast(
        sum(orders_by_day.revenue - orders_by_day.revenue_of_customers) / nullif(sum(orders_by_day.revenue), 0)
        as double
    ) as share
from orders_by_day
cross join year
inner join chosen_slices on orders_by_day.slice_id = chosen_slices.slice_id
where orders_by_day.day >= year.first_day
group by chosen_slices.slice
having sum(orders_by_day.orders - orders_by_day.orders_of_customers) > 0
order by chosen_slices.slice
