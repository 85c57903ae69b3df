/*---
title: Answers behind a KVI
row: one row per answer of the survey that sets scores, the oldest first; customer_id empty for an anonymous one;
  matching counts all that match, of which the first are shown
needs: [responses]
parameters:
  most: 1000000
columns: {day: day, response_id: text, customer_id: text, score: number, band: text, matching: number}
personal: true
---*/
select
    chosen_slices.slice,
    scored_responses.day,
    scored_responses.response_id,
    scored_responses.customer_id,
    scored_responses.score,
    scored_responses.band,
    count(*) over (partition by chosen_slices.slice) as matching
from scored_responses
inner join chosen_slices on scored_responses.slice_id = chosen_slices.slice_id
where scored_responses.day between cast($first as date) and cast($last as date)
qualify
    row_number() over (
        partition by chosen_slices.slice order by scored_responses.day asc, scored_responses.response_id asc
    ) <= $most
order by chosen_slices.slice asc, scored_responses.day asc, scored_responses.response_id asc
