/*---
title: Customers by their answer in the range and the one before it
row: one row per customer who answered in the range and before it, the highest revenue of the last 12 months first;
  from_band and to_band, where given, choose one move
needs: [responses]
parameters:
  from_band: ""
  to_band: ""
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
personal: true
---*/
with
answers as (
    select
        customer_id,
        band,
        score,
        day,
        day >= cast($first as date) as is_in_range,
        row_number() over (
            partition by customer_id, day >= cast($first as date) order by responded_at desc, response_id desc
        ) as place
    from scored_responses
    where day <= cast($last as date)
)

select
    chosen_slices.slice,
    customer_profile.customer_id,
    customer_profile.name,
    was.band as from_band,
    was.score as from_score,
    was.day as from_day,
    became.band as to_band,
    became.score as to_score,
    became.day as to_day,
    customer_profile.revenue_12m
from answers as became
inner join answers as was
    on became.customer_id = was.customer_id and was.place = 1 and not was.is_in_range
inner join customer_profile on became.customer_id = customer_profile.customer_id
inner join chosen_slices on customer_profile.slice_id = chosen_slices.slice_id
where
    became.place = 1
    and became.is_in_range
    and $from_band in ('', was.band)
    and $to_band in ('', became.band)
order by customer_profile.revenue_12m desc, customer_profile.customer_id asc
