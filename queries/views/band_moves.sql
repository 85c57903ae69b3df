/*---
title: From which band to which customers moved
row: one row per band before the range and band of the last answer in it, of customers who answered in both; with their
  revenue of the last 12 months, empty without orders
needs: [responses]
columns:
  from_band: text
  to_band: text
  customers: customers
  revenue_12m: currency
---*/
with moves as (
    select
        became.customer_number,
        became.slice_id,
        was.band as from_band,
        became.band as to_band
    from answers_in_turn as became
    inner join answers_in_turn as was on became.customer_number = was.customer_number
    where
        became.day between cast($first as date) and cast($last as date)
        and (became.next_day is null or became.next_day > cast($last as date))
        and was.day < cast($first as date)
        and was.next_day >= cast($first as date)
)

select
    chosen_slices.slice,
    moves.from_band,
    moves.to_band,
    count(*) as customers,
    sum(customer_profile.revenue_12m) as revenue_12m
from moves
inner join chosen_slices on moves.slice_id = chosen_slices.slice_id
inner join customer_profile on moves.customer_number = customer_profile.customer_number
group by chosen_slices.slice, moves.from_band, moves.to_band
order by chosen_slices.slice, moves.from_band, moves.to_band
