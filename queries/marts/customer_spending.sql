-- one row per customer with orders or refunds in the 12 months up to the last day of orders, whatever the last day of
-- other exports is, so that they are 12: their revenue of that time (refunds taken off) and, where it is above zero,
-- how many customers it is above zero for, and for how many it is higher; of equals the first customer_id ranks higher
with
order_days as (
    select
        greatest(
            cast(max(day) + 1 - interval 12 month as date), cast(max(day) - interval 12 month as date) + 1
        ) as first_day  -- 1 March, up to 28 Feb of a leap year
    from orders
),

spending as (
    select
        scored_orders.customer_id,
        sum(scored_orders.amount) as revenue_12m
    from scored_orders
    cross join order_days
    where scored_orders.day >= order_days.first_day
    group by scored_orders.customer_id
)

select
    customer_id,
    revenue_12m,
    case
        when revenue_12m > 0
            then row_number() over (partition by revenue_12m > 0 order by revenue_12m desc, customer_id asc) - 1
    end as spenders_above,
    case when revenue_12m > 0 then count(*) over (partition by revenue_12m > 0) end as spenders
from spending
