/*---
title: Detractors who can be called back
row: one row per day with answers from 0 to 6, of any survey, that name their customer
needs: [responses]
columns:
  day: day
  answers: number
---*/
select
    chosen_slices.slice,
    responses.day,
    count(*) as answers
from responses
inner join customers on responses.customer_id = customers.customer_id
inner join chosen_slices on customers.slice_id = chosen_slices.slice_id
where responses.score < 7 and responses.day between cast($first as date) and cast($last as date)
group by chosen_slices.slice, responses.day
order by chosen_slices.slice, responses.day
