/*---
title: What moved revenue
row: one row per calendar month, or quarter of the company's year with grain quarter, that can be compared with the
  period before. What each customer brought more or less stands in one column, none of them negative; refunds is what
  they take beyond a customer's purchases of a period, less what they took so in the period before, of either sign.
  closing = opening + new + expansion + reactivated - contraction - lost + refunds, to the cent; of periods that the
  orders do not cover whole, complete is false. Orders of guests cover none
needs: [orders.customer_id]
columns: {period: day, opening: currency, new: currency, expansion: currency, reactivated: currency,
  contraction: currency, lost: currency, refunds: currency, closing: currency, complete: flag}
---*/
with
covered as (
    select
        min(orders.day) filter (where orders.customer_id is not null) as first_day,
        any_value(data_days.orders_until) as last_day
    from orders
    cross join data_days
),

compared as (  -- the first whole period has none before it
    select
        periods.grain,
        periods.period,
        periods.ends_on,
        lag(periods.period) over (partition by periods.grain order by periods.period) as period_before
    from periods
    where periods.grain = case when $grain = 'quarter' then 'quarter' else 'month' end
)

select
    chosen_slices.slice,
    compared.period,
    cast(sum(revenue_bridge.opening) as double) as opening,
    cast(sum(revenue_bridge.new) as double) as new,
    cast(sum(revenue_bridge.expansion) as double) as expansion,
    cast(sum(revenue_bridge.reactivated) as double) as reactivated,
    cast(sum(revenue_bridge.contraction) as double) as contraction,
    cast(sum(revenue_bridge.lost) as double) as lost,
    cast(sum(revenue_bridge.refunds) as double) as refunds,
    cast(sum(revenue_bridge.closing) as double) as closing,
    compared.ends_on <= max(covered.last_day) as complete
from revenue_bridge
cross join covered
inner join chosen_slices on revenue_bridge.slice_id = chosen_slices.slice_id
inner join compared on revenue_bridge.grain = compared.grain and revenue_bridge.period = compared.period
where compared.ends_on >= $first and compared.period <= $last and compared.period_before >= covered.first_day
group by chosen_slices.slice, compared.period, compared.ends_on
order by chosen_slices.slice, compared.period
