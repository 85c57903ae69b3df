/*---
title: What customers said
row: one row per band and comment, those said most often and newest first; `answers` counts all answers of the band,
  with or without a comment
needs: [responses]
parameters:
  most: 6
columns:
  band: text
  comment: text
  answers: number
  times: number
  day: day
  score: number
  touchpoint: text
  place: number
  response_ids: text
personal: true
---*/
with answered as (
    select
        chosen_slices.slice,
        scored_responses.band,
        scored_responses.score,
        scored_responses.day,
        responses.response_id,
        (responses.responded_at, responses.response_id) as told_at,
        responses.touchpoint,
        trim(coalesce(responses.comment, '')) as comment,
        count(*) over (partition by chosen_slices.slice, scored_responses.band) as answers
    from scored_responses
    inner join chosen_slices on scored_responses.slice_id = chosen_slices.slice_id
    inner join responses on scored_responses.response_id = responses.response_id
    where scored_responses.day between cast($first as date) and cast($last as date)
),

said as (
    select
        slice,
        band,
        comment,
        answers,
        count(*) as times,
        -- what few people said may have to be taken back one day
        case when comment <> '' and count(*) <= 20 then string_agg(response_id, chr(31) order by response_id) end
            as response_ids,
        max(answered.day) as day,
        -- of those who said the same, the newest: its score and place belong to the day shown
        arg_max(score, told_at) as score,
        nullif(arg_max(coalesce(touchpoint, ''), told_at), '') as touchpoint
    from answered
    group by slice, band, comment, answers
)

select
    slice,
    band,
    comment,
    answers,
    times,
    day,
    score,
    touchpoint,
    row_number() over (
        partition by slice, band
        order by comment = '' asc, times desc, day desc, comment asc
    ) as place,
    response_ids
from said
qualify place <= $most
order by slice, band, place
