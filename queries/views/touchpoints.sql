/*---
title: How customers score us at each touchpoint
row: one row per touchpoint, answers of any survey. change is against as many days before the range, where the answers
  cover them, with its 95 % interval; verdict "better", "worse", "no change shown", "too few answers" (under 30 in
  either) or "nothing before"
needs: [responses]
columns: {touchpoint: text, responses: number, promoters: number, passives: number, detractors: number, nps: score,
  low: score, high: score, responses_before: number, nps_before: score, change: score, change_low: score,
  change_high: score, verdict: text}
interval: nps(promoters, detractors, responses)
---*/
with
spans as (
    select
        cast($first as date) as first_day,
        cast($last as date) as last_day,
        cast($first as date) - cast(date_diff('day', cast($first as date), cast($last as date)) + 1 as integer)
            as first_before
),

reach as (
    select min(day) as data_from
    from responses
),

counts as (
    select
        chosen_slices.slice,
        answers_by_group.group_name as touchpoint,
        cast(sum(answers_by_group.responses) filter (where answers_by_group.day >= spans.first_day) as bigint)
            as responses,
        cast(sum(answers_by_group.promoters) filter (where answers_by_group.day >= spans.first_day) as bigint)
            as promoters,
        cast(sum(answers_by_group.passives) filter (where answers_by_group.day >= spans.first_day) as bigint)
            as passives,
        cast(sum(answers_by_group.detractors) filter (where answers_by_group.day >= spans.first_day) as bigint)
            as detractors,
        cast(sum(answers_by_group.responses) filter (where answers_by_group.day < spans.first_day) as bigint)
            as responses_before,
        cast(sum(answers_by_group.promoters) filter (where answers_by_group.day < spans.first_day) as bigint)
            as promoters_before,
        cast(sum(answers_by_group.detractors) filter (where answers_by_group.day < spans.first_day) as bigint)
            as detractors_before
    from answers_by_group
    cross join spans
    cross join reach
    inner join chosen_slices on answers_by_group.slice_id = chosen_slices.slice_id
    where
        answers_by_group.group_kind = 'touchpoint'
        and answers_by_group.day <= spans.last_day
        and (
            answers_by_group.day >= spans.first_day
            or (answers_by_group.day >= spans.first_before and spans.first_before >= reach.data_from)
        )
    group by chosen_slices.slice, answers_by_group.group_name
)

select
    slice,
    touchpoint,
    responses,
    promoters,
    passives,
    detractors,
    100 * (promoters - detractors) / responses as nps,
    coalesce(responses_before, 0) as responses_before,
    promoters_before,
    detractors_before,
    100 * (promoters_before - detractors_before) / nullif(responses_before, 0) as nps_before
from counts
where responses > 0
order by slice, nps, touchpoint
