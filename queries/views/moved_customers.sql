/*---
title: Customers by their answer in the range and the one before it
row: one row per customer who answered in the range and before it, the highest revenue of the last 12 months first,
  at most `most`; revenue_12m is empty without orders; from_band and to_band, where given, choose one move; matching
  counts all of them
needs: [responses]
parameters:
  from_band: ""
  to_band: ""
  most: 1000000
columns:
  customer_id: text
  name: text
  from_band: text
  from_score: number
  from_day: day
  to_band: text
  to_score: number
  to_day: day
  revenue_12m: currency
  matching: customers
personal: true
---*/
with
moves as (
    select
        chosen_slices.slice,
        became.customer_number,  -- in the order of customer_id
        customer_profile.revenue_12m,
        was.score as from_score,
        was.day as from_day,
        became.score as to_score,
        became.day as to_day
    from answers_in_turn as became
    inner join answers_in_turn as was on became.customer_number = was.customer_number
    inner join chosen_slices on became.slice_id = chosen_slices.slice_id
    inner join customer_profile on became.customer_number = customer_profile.customer_number
    where
        became.day between cast($first as date) and cast($last as date)
        and (became.next_day is null or became.next_day > cast($last as date))
        and was.day < cast($first as date)
        and was.next_day >= cast($first as date)
        -- the scores of a band: 2 million numbers are compared in a third of the time of texts
        and was.score between
        case $from_band when 'promoter' then 9 when 'passive' then 7 else 0 end
        and case $from_band when 'detractor' then 6 when 'passive' then 8 else 10 end
        and became.score between
        case $to_band when 'promoter' then 9 when 'passive' then 7 else 0 end
        and case $to_band when 'detractor' then 6 when 'passive' then 8 else 10 end
),

counted as (
    select count(*) as customers
    from moves
),

shown as (
    select *
    from moves
    order by revenue_12m desc, customer_number asc
    limit cast($most as integer)
)

select
    shown.slice,
    customer_profile.customer_id,
    customer_profile.name,
    case when shown.from_score >= 9 then 'promoter' when shown.from_score >= 7 then 'passive' else 'detractor' end
        as from_band,
    shown.from_score,
    shown.from_day,
    case when shown.to_score >= 9 then 'promoter' when shown.to_score >= 7 then 'passive' else 'detractor' end
        as to_band,
    shown.to_score,
    shown.to_day,
    shown.revenue_12m,
    counted.customers as matching
from shown
inner join customer_profile on shown.customer_number = customer_profile.customer_number
cross join counted
order by shown.revenue_12m desc, shown.customer_number asc
