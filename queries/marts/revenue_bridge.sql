-- one row per grain (month, quarter), period and slice with revenue that period or the one before: what moved revenue
-- from the period before (opening) to this one (closing). Each customer's change stands in one column, never negative:
-- `new` in their first period with a purchase, `reactivated` after one without revenue, `expansion` for any other rise;
-- `lost` where no revenue is left, `contraction` for any other fall. So a period of nothing but refunds is a fall, not
-- a new customer; who was one before the orders begin is reactivated by the first purchase they show, not new.
-- closing = opening + new + expansion + reactivated - contraction - lost. The last period may still be incomplete.
with
moves as (
    select
        customer_id,
        slice_id,
        grain,
        period,
        revenue as revenue_now,
        0 as revenue_before,
        is_first
    from customer_periods
    union all
    select
        customer_id,
        slice_id,
        grain,
        next_period as period,
        0 as revenue_now,
        revenue as revenue_before,
        false as is_first
    from customer_periods
    where not is_last
),

changes as (
    select
        customer_id,
        slice_id,
        grain,
        period,
        sum(revenue_before) as revenue_before,
        sum(revenue_now) as revenue_now,
        sum(revenue_now) - sum(revenue_before) as difference,
        bool_or(is_first) as is_first
    from moves
    group by customer_id, slice_id, grain, period
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
