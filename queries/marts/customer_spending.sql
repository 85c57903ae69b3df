-- one row per customer with orders or refunds in the 12 months up to the data's last day: their revenue of that time
-- (refunds taken off) and, where it is above zero, how many customers it is above zero for, and for how many it is
-- higher; of equals the first customer_id ranks higher
with
spending as (
    select
        scored_orders.customer_id,
        sum(scored_orders.amount) as revenue_12m
    from scored_orders
    cross join data_days
    where scored_orders.day >= cast(data_days.last_day + 1 - interval 12 month as date)
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
