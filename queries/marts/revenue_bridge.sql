-- one row per grain (month, quarter), period and slice with revenue that period or the one before: what moved revenue
-- from the period before (opening) to this one (closing). Each customer's change stands in one column, never negative:
-- `new` in their first period with a purchase, `reactivated` after one without revenue, `expansion` for any other rise;
-- `lost` where no revenue is left, `contraction` for any other fall. So a period of nothing but refunds is a fall, not
-- a new customer; who was one before the orders begin is reactivated by the first purchase they show, not new.
-- closing = opening + new + expansion + reactivated - contraction - lost. The last period may still be incomplete.
with
periods_before as (
    select
        customer_id,
        slice_id,
        grain,
        next_period as period,
        revenue
    from customer_periods
    where not is_last
),

changes as (
    select
        coalesce(periods.slice_id, periods_before.slice_id) as slice_id,
        coalesce(periods.grain, periods_before.grain) as grain,
        coalesce(periods.period, periods_before.period) as period,
        coalesce(periods_before.revenue, 0) as revenue_before,
        coalesce(periods.revenue, 0) as revenue_now,
        coalesce(periods.revenue, 0) - coalesce(periods_before.revenue, 0) as difference,
        coalesce(periods.is_first, false) as is_first
    from customer_periods as periods
    full outer join periods_before
        on
            periods.customer_id = periods_before.customer_id
            and periods.grain = periods_before.grain
            and periods.period = periods_before.period
),

kinds as (
    select
        *,
        case
            when difference > 0 and is_first then 'new'
            when difference > 0 and revenue_before <= 0 and revenue_now > 0 then 'reactivated'
            when difference > 0 then 'expansion'
            when difference < 0 and revenue_before > 0 and revenue_now <= 0 then 'lost'
            when difference < 0 then 'contraction'
        end as kind
    from changes
)

select
    grain,
    period,
    slice_id,
    sum(revenue_before) as opening,
    coalesce(sum(difference) filter (where kind = 'new'), 0) as new,
    coalesce(sum(difference) filter (where kind = 'expansion'), 0) as expansion,
    coalesce(-sum(difference) filter (where kind = 'contraction'), 0) as contraction,
    coalesce(-sum(difference) filter (where kind = 'lost'), 0) as lost,
    coalesce(sum(difference) filter (where kind = 'reactivated'), 0) as reactivated,
    sum(revenue_now) as closing
from kinds
group by grain, period, slice_id
