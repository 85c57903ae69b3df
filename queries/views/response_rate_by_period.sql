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
    from invitations_by_group
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
        cast(sum(invitations_by_group.invited) as bigint) as invited,
        cast(sum(invitations_by_group.answered) as bigint) as answered
    from invitations_by_group
    cross join settings
    inner join chosen_slices on invitations_by_group.slice_id = chosen_slices.slice_id
    inner join calendar on invitations_by_group.day = calendar.day and calendar.grain = $grain
    where
        ($touchpoint = '' or invitations_by_group.touchpoint = $touchpoint)
        and (
            $survey = ''
            or invitations_by_group.survey = $survey
            or ($survey = 'scores' and settings.survey in ('any', invitations_by_group.survey))
        )
    group by chosen_slices.slice, calendar.period
),

slices_shown as (
    select distinct slice
    from chosen_slices
)

select
    slices_shown.slice,
    chosen_periods.period,
    chosen_periods.ends_on,
    coalesce(asked.invited, 0) as invited,
    coalesce(asked.answered, 0) as answered,
    asked.answered / nullif(asked.invited, 0) as rate,
    chosen_periods.complete
from slices_shown
cross join chosen_periods
left join asked on slices_shown.slice = asked.slice and chosen_periods.period = asked.period
order by slices_shown.slice, chosen_periods.period
