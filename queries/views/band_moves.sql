/*---
title: From which band to which customers moved
row: one row per band before the range and band of the last answer in it, of customers who answered in both; with their
  revenue of the last 12 months
needs: [responses]
columns:
  from_band: text
  to_band: text
  customers: customers
  revenue_12m: currency
---*/
with
answers as (
    select
        customer_id,
        slice_id,
        day >= cast($first as date) as is_in_range,
        arg_max(band, (responded_at, response_id)) as band
    from scored_responses
    where day <= cast($last as date)
    group by customer_id, slice_id, day >= cast($first as date)
),

moves as (
    select
        became.customer_id,
        became.slice_id,
        was.band as from_band,
        became.band as to_band
    from answers as became
    inner join answers as was on became.customer_id = was.customer_id and not was.is_in_range
    where became.is_in_range
)

select
    chosen_slices.slice,
    moves.from_band,
    moves.to_band,
    count(*) as customers,
    sum(customer_profile.revenue_12m) as revenue_12m
from moves
inner join chosen_slices on moves.slice_id = chosen_slices.slice_id
inner join customer_profile on moves.customer_id = customer_profile.customer_id
group by chosen_slices.slice, moves.from_band, moves.to_band
order by chosen_slices.slice, moves.from_band, moves.to_band
