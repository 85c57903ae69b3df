-- The daily table over all slices holds every order and, to the cent, all revenue
-- severity: error
with
from_orders as (
    select
        day,
        sum(amount) as revenue,
        count(*) filter (where amount >= 0) as orders
    from orders
    group by day
),

from_daily as (
    select
        day,
        sum(revenue) as revenue,
        sum(orders) as orders
    from daily
    group by day
)

select
    coalesce(from_orders.day, from_daily.day) as day,
    from_orders.revenue,
    from_daily.revenue as daily_revenue,
    from_orders.orders,
    from_daily.orders as daily_orders
from from_orders
full outer join from_daily on from_orders.day = from_daily.day
where
    coalesce(from_orders.revenue, 0) <> coalesce(from_daily.revenue, 0)
    or coalesce(from_orders.orders, 0) <> coalesce(from_daily.orders, 0)
