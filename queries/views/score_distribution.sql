/*---
title: How customers score us
row: one row per score from 0 to 10, with the share of all answers of the range
needs: [responses]
columns:
  score: number
  responses: number
  share: percent
  low: percent
  high: percent
interval: share(responses, answers)
---*/
with
answers as (
    select
        chosen_slices.slice,
        scored_responses.score,
        count(*) as responses
    from scored_responses
    inner join chosen_slices on scored_responses.slice_id = chosen_slices.slice_id
    where
        scored_responses.counts_for_nps
        and scored_responses.day between cast($first as date) and cast($last as date)
    group by chosen_slices.slice, scored_responses.score
),

totals as (
    select
        slice,
        cast(sum(responses) as bigint) as answers
    from answers
    group by slice
),

scores as (
    select unnest(generate_series(0, 10)) as score
)

select
    totals.slice,
    scores.score,
    coalesce(answers.responses, 0) as responses,
    totals.answers,
    coalesce(answers.responses, 0) / totals.answers as share
from totals
cross join scores
left join answers on totals.slice = answers.slice and scores.score = answers.score
order by totals.slice, scores.score
