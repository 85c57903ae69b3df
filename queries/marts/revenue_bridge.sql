-- one row per grain (month, quarter), period and slice with revenue that period or the one before: what moved revenue
-- from the period before (opening) to this one (closing). What each customer brought stands in one column, none of them
-- negative: `new` in their first period with a purchase, `reactivated` after one without revenue, `expansion` for any
-- other rise; `lost` where no revenue is left, `contraction` for any other fall. Who was a customer before the orders
-- begin is reactivated by the first purchase they show, not new. A period in which refunds take more than a customer
-- bought counts as none with revenue; what they take beyond, less what they took so in the period before, stands in
-- `refunds`, of either sign: nobody grows because a refund is not repeated. The last period may still be incomplete.
-- closing = opening + new + expansion + reactivated - contraction - lost + refunds
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
        greatest(coalesce(periods.revenue, 0), 0) - greatest(coalesce(periods_before.revenue, 0), 0) as difference,
        least(coalesce(periods.revenue, 0), 0) - least(coalesce(periods_before.revenue, 0), 0) as refunds,
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
            when difference > 0 and revenue_before <= 0 then 'reactivated'
            when difference > 0 then 'expansion'
            when difference < 0 and revenue_now <= 0 then 'lost'
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
    sum(refunds) as refunds,
    sum(revenue_now) as closing
from kinds
group by grain, period, slice_id
