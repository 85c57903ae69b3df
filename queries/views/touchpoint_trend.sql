/*---
title: How a touchpoint's score moved
row: one row per period that overlaps the range, answers of any survey at the touchpoint named, or at all of them;
  complete where the answers reach over it
needs: [responses]
parameters:
  touchpoint: ""
columns: {period: day, ends_on: day, responses: number, promoters: number, passives: number, detractors: number,
  nps: score, low: score, high: score, complete: flag}
interval: nps(promoters, detractors, responses)
---*/
with
reach as (
    select
        min(responses.day) as data_from,
        any_value(data_days.responses_until) as data_through
    from responses
    cross join data_days
),

chosen_periods as (
    select
        periods.period,
        periods.ends_on,
        periods.ends_on <= reach.data_through and periods.period >= reach.data_from as complete
    from periods
    cross join reach
    where
        periods.grain = $grain
        and periods.ends_on >= greatest(cast($first as date), reach.data_from)
        and periods.period <= least(cast($last as date), reach.data_through)
),

answers as (
    select
        chosen_slices.slice,
        calendar.period,
        cast(sum(answers_by_group.responses) as bigint) as responses,
        cast(sum(answers_by_group.promoters) as bigint) as promoters,
        cast(sum(answers_by_group.passives) as bigint) as passives,
        cast(sum(answers_by_group.detractors) as bigint) as detractors
    from answers_by_group
    inner join chosen_slices on answers_by_group.slice_id = chosen_slices.slice_id
    inner join calendar on answers_by_group.day = calendar.day and calendar.grain = $grain
    where
        answers_by_group.group_kind = 'touchpoint'
        and ($touchpoint = '' or answers_by_group.group_name = $touchpoint)
    group by chosen_slices.slice, calendar.period
),

told as (  -- noqa: ST03
    -- by customers who answered several times
    select
        chosen_slices.slice,
        calendar.period,
        repeated_answers.customer_number as whose,
        1 as answers,
        repeated_answers.points,
        repeated_answers.points * repeated_answers.points as squares
    from repeated_answers
    inner join chosen_slices on repeated_answers.slice_id = chosen_slices.slice_id
    inner join calendar on repeated_answers.day = calendar.day and calendar.grain = $grain
    where
        repeated_answers.points is not null
        and repeated_answers.touchpoint <> ''
        and ($touchpoint = '' or repeated_answers.touchpoint = $touchpoint)
),

slices_shown as (
    select distinct slice
    from chosen_slices
)

select
    slices_shown.slice,
    chosen_periods.period,
    chosen_periods.ends_on,
    coalesce(answers.responses, 0) as responses,
    coalesce(answers.promoters, 0) as promoters,
    coalesce(answers.passives, 0) as passives,
    coalesce(answers.detractors, 0) as detractors,
    100 * (answers.promoters - answers.detractors) / answers.responses as nps,
    chosen_periods.complete,
    alike.pairs,
    alike.pair_sum,
    alike.pair_products,
    alike.again
from slices_shown
cross join chosen_periods
left join answers on slices_shown.slice = answers.slice and chosen_periods.period = answers.period
left join pairs_among('told') as alike on slices_shown.slice = alike.slice and chosen_periods.period = alike.period
order by slices_shown.slice, chosen_periods.period
