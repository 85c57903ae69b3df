/*---
title: Who answers when asked
row: one row per band that customers held before they were asked (unscored without one), and one for all of them, of the
  last days of the range whose 14 days to answer are over; change is against as many days before, where invitations
  cover them, with its 95 % interval (Newcombe 1998); anonymous are the answers from then until these days are over that
  name no customer, so that nobody knows who gave them. survey "scores" takes what counts towards scores, "" all
needs: [invitations, responses.customer_id]
parameters:
  survey: scores
  touchpoint: ""
  days: 91
columns: {band: text, first_day: day, last_day: day, invited: number, answered: number, anonymous: number,
  rate: percent, low: percent, high: percent, invited_before: number, rate_before: percent, change: percent,
  change_low: percent, change_high: percent}
interval: share(answered, invited)
---*/
with
reach as (
    select
        min(day) as data_from,
        max(day) filter (where is_over) as last_over
    from invitations_by_group
),

spans as (
    select
        reach.data_from,
        least(cast($last as date), reach.last_over) as last_day,
        greatest(
            cast($first as date),
            reach.data_from,
            least(cast($last as date), reach.last_over) - cast($days - 1 as integer)
        ) as first_day
    from reach
),

ranges as (
    select
        *,
        first_day - cast(date_diff('day', first_day, last_day) + 1 as integer) as first_before
    from spans
),

asked as (
    select
        chosen_slices.slice,
        invitations_by_group.band_before,
        invitations_by_group.day >= ranges.first_day as is_now,
        invitations_by_group.invited,
        invitations_by_group.answered
    from invitations_by_group
    cross join ranges
    cross join settings
    inner join chosen_slices on invitations_by_group.slice_id = chosen_slices.slice_id
    where
        invitations_by_group.is_over
        and invitations_by_group.day <= ranges.last_day
        and (
            invitations_by_group.day >= ranges.first_day
            or (invitations_by_group.day >= ranges.first_before and ranges.first_before >= ranges.data_from)
        )
        and ($touchpoint = '' or invitations_by_group.touchpoint = $touchpoint)
        and (
            $survey = ''
            or invitations_by_group.survey = $survey
            or ($survey = 'scores' and settings.survey in ('any', invitations_by_group.survey))
        )
),

counts as (
    select
        slice,
        coalesce(band_before, 'all') as band,
        cast(coalesce(sum(invited) filter (where is_now), 0) as bigint) as invited,
        cast(coalesce(sum(answered) filter (where is_now), 0) as bigint) as answered,
        cast(coalesce(sum(invited) filter (where not is_now), 0) as bigint) as invited_before,
        cast(coalesce(sum(answered) filter (where not is_now), 0) as bigint) as answered_before
    from asked
    group by grouping sets ((slice, band_before), (slice))
),

anonymous as (
    select count(*) as answers
    from responses
    cross join ranges
    cross join settings
    where
        responses.customer_id is null
        and responses.day between ranges.first_day and ranges.last_day + 14
        and ($touchpoint = '' or trim(responses.touchpoint) = $touchpoint)
        and (
            $survey = ''
            or coalesce(responses.survey, 'relationship') = $survey
            or ($survey = 'scores' and settings.survey in ('any', coalesce(responses.survey, 'relationship')))
        )
)

select
    counts.slice,
    counts.band,
    ranges.first_day,
    ranges.last_day,
    counts.invited,
    counts.answered,
    anonymous.answers as anonymous,
    counts.answered / nullif(counts.invited, 0) as rate,
    counts.invited_before,
    counts.answered_before,
    counts.answered_before / nullif(counts.invited_before, 0) as rate_before
from counts
cross join ranges
cross join anonymous
where counts.invited > 0
order by
    counts.slice, array_position(['all', 'promoter', 'passive', 'detractor', 'unscored'], counts.band)
