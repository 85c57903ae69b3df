/*---
title: How many of those asked answered
row: one row per period of asking that overlaps the range, answers of the 14 days after; complete where these are over.
  survey "scores" takes what counts towards scores, "" all
needs: [invitations, responses.customer_id]
parameters:
  survey: scores
  touchpoint: ""
columns: {period: day, ends_on: day, invited: number, answered: number, rate: percent, low: percent, high: percent,
  complete: flag}
interval: share(answered, invited)
---*/
with
reach as (
    select
        min(day) as data_from,
        max(day) as data_through,
        max(day) filter (where is_over) as last_over
    from invitations_answered
),

chosen_periods as (
    select
        periods.period,
        periods.ends_on,
        periods.ends_on <= reach.last_over and periods.period >= reach.data_from as complete
    from periods
    cross join reach
    where
        periods.grain = $grain
        and periods.ends_on >= greatest(cast($first as date), reach.data_from)
        and periods.period <= least(cast($last as date), reach.data_through)
),

asked as (
    select
        chosen_slices.slice,
        calendar.period,
        invitations_answered.customer_number as whose,
        1 as answers,
        invitations_answered.answered as points,
        invitations_answered.answered as squares
    from invitations_answered
    cross join settings
    inner join chosen_slices on invitations_answered.slice_id = chosen_slices.slice_id
    inner join calendar on invitations_answered.day = calendar.day and calendar.grain = $grain
    where
        ($touchpoint = '' or invitations_answered.touchpoint = $touchpoint)
        and (
            $survey = ''
            or invitations_answered.survey = $survey
            or ($survey = 'scores' and settings.survey in ('any', invitations_answered.survey))
        )
),

counts as (
    select
        slice,
        period,
        count(*) as invited,
        cast(sum(points) as bigint) as answered
    from asked
    group by slice, period
),

slices_shown as (
    select distinct slice
    from chosen_slices
)

select
    slices_shown.slice,
    chosen_periods.period,
    chosen_periods.ends_on,
    coalesce(counts.invited, 0) as invited,
    coalesce(counts.answered, 0) as answered,
    counts.answered / counts.invited as rate,
    chosen_periods.complete,
    alike.pairs,
    alike.pair_sum,
    alike.pair_products,
    alike.again
from slices_shown
cross join chosen_periods
left join counts on slices_shown.slice = counts.slice and chosen_periods.period = counts.period
left join pairs_among('asked') as alike on slices_shown.slice = alike.slice and chosen_periods.period = alike.period
order by slices_shown.slice, chosen_periods.period
