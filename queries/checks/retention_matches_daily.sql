-- Revenue of twelve months, as retention counts it, is what the daily table holds for them, to the cent
-- severity: error
with
from_daily as (
    select
        retention_12m.day,
        retention_12m.slice_id,
        sum(daily.revenue_of_customers) as revenue
    from retention_12m
    inner join daily
        on
            retention_12m.slice_id = daily.slice_id
            and daily.day > cast(retention_12m.day - interval 12 month as date)
            and daily.day >= cast(retention_12m.day + 1 - interval 12 month as date)
            and retention_12m.day >= daily.day
    group by retention_12m.day, retention_12m.slice_id
)

select
    retention_12m.day,
    retention_12m.slice_id,
    retention_12m.revenue_12m,
    from_daily.revenue as daily_revenue,
    retention_12m.retained_revenue,
    retention_12m.earned_revenue
from retention_12m
left join from_daily on retention_12m.day = from_daily.day and retention_12m.slice_id = from_daily.slice_id
where
    retention_12m.revenue_12m <> coalesce(from_daily.revenue, 0)
    or retention_12m.retained_customers > retention_12m.prior_customers
    or retention_12m.retained_customers > retention_12m.customers_12m
