/*---
title: Answers of customers who can be called back
row: one row per answer that names its customer, the newest first, of any survey; band '' for all, response_id '' for
  any, customer '' for all; matching counts all that match, of which the first are shown
needs: [responses]
parameters:
  band: detractor
  response_id: ""
  customer: ""
  most: 1000000
columns: {response_id: text, customer_id: text, day: day, score: number, band: text, touchpoint: text, comment: text,
  matching: number}
personal: true
---*/
with
found as (
    select
        chosen_slices.slice,
        responses.response_id,
        responses.customer_id,
        responses.day,
        responses.responded_at,
        responses.score,
        case
            when responses.score >= 9 then 'promoter'
            when responses.score >= 7 then 'passive'
            else 'detractor'
        end as band,
        nullif(trim(responses.touchpoint), '') as touchpoint,
        nullif(trim(responses.comment), '') as comment
    from responses
    inner join customers on responses.customer_id = customers.customer_id
    inner join chosen_slices on customers.slice_id = chosen_slices.slice_id
    where
        responses.day between cast($first as date) and cast($last as date)
        and ($response_id = '' or responses.response_id = $response_id)
        and ($customer = '' or responses.customer_id = $customer)
)

select
    slice,
    response_id,
    customer_id,
    day,
    score,
    band,
    touchpoint,
    comment,
    count(*) over (partition by slice) as matching
from found
where $band = '' or band = $band
qualify row_number() over (partition by slice order by day desc, responded_at desc, response_id desc) <= $most
order by slice asc, day desc, responded_at desc, response_id desc
