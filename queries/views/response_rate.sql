/*---
title: Who answers when asked
row: one row per band that customers held before they were asked (unscored without one), and one for all of them, of the
  last days of the range whose 14 days to answer are over; change is against as many days before, where invitations
  cover them, with its 95 % interval (Newcombe 1998); design_effect is how many invitations say as much as one would,
  if each were another customer's; anonymous are the answers from then until these days are over that
  name no customer, so that nobody knows who gave them. survey "scores" takes what counts towards scores, "" all
needs: [invitations, responses.customer_id]
parameters:
  survey: scores
  touchpoint: ""
  days: 91
columns: {band: text, first_day: day, last_day: day, invited: number, answered: number, anonymous: number,
  rate: percent, low: percent, high: percent, invited_before: number, rate_before: percent, change: percent,
  change_low: percent, change_high: percent, design_effect: number}
interval: share(answered, invited)
---*/
with
reach as (
    select
        min(day) as data_from,
        max(day) filter (where is_over) as last_over
    from invitations_answered
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
        unnest(['all', invitations_answered.band_before]) as band,
        invitations_answered.customer_number as whose,
        invitations_answered.day >= ranges.first_day as is_now,
        1 as answers,
        invitations_answered.answered as points,
        invitations_answered.answered as squares
    from invitations_answered
    cross join ranges
    cross join settings
    inner join chosen_slices on invitations_answered.slice_id = chosen_slices.slice_id
    where
        invitations_answered.is_over
        and invitations_answered.day <= ranges.last_day
        and (
            invitations_answered.day >= ranges.first_day
            or (invitations_answered.day >= ranges.first_before and ranges.first_before >= ranges.data_from)
        )
        and ($touchpoint = '' or invitations_answered.touchpoint = $touchpoint)
        and (
            $survey = ''
            or invitations_answered.survey = $survey
            or ($survey = 'scores' and settings.survey in ('any', invitations_answered.survey))
        )
),

counts as (
    select
        slice,
        band,
        count(*) filter (where is_now) as invited,
        cast(coalesce(sum(points) filter (where is_now), 0) as bigint) as answered,
        count(*) filter (where not is_now) as invited_before,
        cast(coalesce(sum(points) filter (where not is_now), 0) as bigint) as answered_before
    from asked
    group by slice, band
),

alike as (
    select * from pairs_among('asked')
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
    counts.answered_before / nullif(counts.invited_before, 0) as rate_before,
    alike.pairs,
    alike.pair_sum,
    alike.pair_products,
    alike.again,
    alike_before.pairs as pairs_before,
    alike_before.pair_sum as pair_sum_before,
    alike_before.pair_products as pair_products_before,
    alike_before.again as again_before,
    shared.shared,
    shared.shared_sum,
    shared.shared_sum_before,
    shared.shared_products
from counts
cross join ranges
cross join anonymous
left join alike on counts.slice = alike.slice and counts.band = alike.band and alike.is_now
left join alike as alike_before
    on counts.slice = alike_before.slice and counts.band = alike_before.band and not alike_before.is_now
left join pairs_between('asked') as shared on counts.slice = shared.slice and counts.band = shared.band
where counts.invited > 0
order by
    counts.slice, array_position(['all', 'promoter', 'passive', 'detractor', 'unscored'], counts.band)
