-- Each month's bridge opens with what the month before closed, and closes with the month's revenue, to the cent
-- severity: error
with
months as (
    select
        cast(date_trunc('month', day) as date) as month,
        slice_id,
        sum(revenue_of_customers) as revenue
    from daily
    group by cast(date_trunc('month', day) as date), slice_id
),

months_before as (
    select
        cast(period + interval 1 month as date) as month,
        slice_id,
        closing
    from revenue_bridge
    where grain = 'month'
)

select
    revenue_bridge.period as month,
    revenue_bridge.slice_id,
    months_before.closing as closing_before,
    revenue_bridge.opening,
    revenue_bridge.closing,
    months.revenue
from revenue_bridge
left join months on revenue_bridge.period = months.month and revenue_bridge.slice_id = months.slice_id
left join months_before
    on revenue_bridge.period = months_before.month and revenue_bridge.slice_id = months_before.slice_id
where
    revenue_bridge.grain = 'month'
    and (
        revenue_bridge.opening <> coalesce(months_before.closing, 0)
        or revenue_bridge.closing <> coalesce(months.revenue, 0)
    )
