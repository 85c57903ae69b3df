/*---
title: Customers, the largest revenue at risk first
row: one row per customer, at most `most`, with the signs of leaving as of the data's last day. is_quiet - 28 to 90
  days without activity or purchase; use_halved - at most half as many active days in the last 28 as in the 28 before;
  score_fell - the latest answer is in a lower band than the one before; complaint_open. revenue_at_risk is revenue_12m
  of those who show a sign and are not lost; what would come of orders is empty without any; matching counts all
  customers that the filters choose
parameters:
  band: ""
  lifecycle: ""
  value_tier: ""
  sign: ""
  joined: ""
  customer: ""
  most: 500
columns: {customer_id: text, name: text, started_on: day, acquisition: text, lifecycle: text, value_tier: text,
  band: text, last_score: number, last_answer_on: day, score_before: number, last_order_on: day, last_active_on: day,
  active_days_28: days, active_days_before: days, orders: number, revenue: currency, revenue_12m: currency,
  is_quiet: flag, use_halved: flag, score_fell: flag, complaint_open: flag, revenue_at_risk: currency,
  matching: customers}
personal: true
---*/
with
matching as not materialized (
    select
        chosen_slices.slice,
        customer_ranking.*
    from customer_ranking
    inner join chosen_slices on customer_ranking.slice_id = chosen_slices.slice_id
    where
        ($band = '' or customer_ranking.band = $band)
        and ($lifecycle = '' or customer_ranking.lifecycle = $lifecycle)
        and ($value_tier = '' or customer_ranking.value_tier = $value_tier)
        and ($joined = '' or customer_ranking.joined_in = try_cast($joined || '-01' as date))
        and ($customer = '' or customer_ranking.customer_id = $customer)
        and (
            $sign = ''
            or ($sign in ('any', 'quiet') and customer_ranking.is_quiet)
            or ($sign in ('any', 'use_halved') and customer_ranking.use_halved)
            or ($sign in ('any', 'score_fell') and customer_ranking.score_fell)
            or ($sign in ('any', 'complaint_open') and customer_ranking.complaint_open)
        )
),

shown as (
    select *
    from matching
    order by risk_rank
    limit cast($most as integer)
)

select
    shown.slice,
    shown.customer_id,
    customer_profile.name,
    customer_profile.started_on,
    customer_profile.acquisition,
    shown.lifecycle,
    shown.value_tier,
    shown.band,
    cast(customer_profile.last_score as double) as last_score,
    customer_profile.last_answer_on,
    cast(customers_at_risk.score_before as double) as score_before,
    customer_profile.last_order_on,
    customer_profile.last_active_on,
    customer_profile.active_days_28,
    cast(customers_at_risk.active_days_before as double) as active_days_before,
    cast(customer_profile.orders as double) as orders,
    cast(customer_profile.revenue as double) as revenue,
    cast(customer_profile.revenue_12m as double) as revenue_12m,
    shown.is_quiet,
    shown.use_halved,
    shown.score_fell,
    shown.complaint_open,
    case
        when customer_profile.revenue_12m is not null
            then cast(coalesce(customers_at_risk.revenue_12m, 0) as double)
    end as revenue_at_risk,
    (select count(*) from matching) as matching
from shown
inner join customer_profile on shown.customer_id = customer_profile.customer_id
left join customers_at_risk on shown.customer_id = customers_at_risk.customer_id
order by shown.risk_rank
