-- The daily table over all slices counts every active customer of a day once
-- severity: error
with
from_customer_days as (
    select
        day,
        count(*) as active_customers
    from customer_days
    group by day
),

from_daily as (
    select
        day,
        sum(active_customers) as active_customers
    from daily
    group by day
)

select
    coalesce(from_customer_days.day, from_daily.day) as day,
    from_customer_days.active_customers,
    from_daily.active_customers as daily_active_customers
from from_customer_days
full outer join from_daily on from_customer_days.day = from_daily.day
where coalesce(from_customer_days.active_customers, 0) <> coalesce(from_daily.active_customers, 0)
