/*---
title: How customers score us at each touchpoint
row: one row per touchpoint, answers of any survey. change is against as many days before the range, where the answers
  cover them, with its 95 % interval; verdict "better", "worse", "no change shown", "too few answers" (under 30 in
  either) or "nothing before". asked and response_rate are of invitations whose 14 days to answer are over; empty
  without invitations, and where no answer names its customer
needs: [responses]
columns: {touchpoint: text, responses: number, asked: number, response_rate: percent,
  rate_low: percent, rate_high: percent, promoters: number, passives: number, detractors: number, nps: score,
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
    select
        min(day) as data_from,
        count(customer_id) > 0 as names_customers
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
),

told as (  -- noqa: ST03
    -- by customers who answered several times
    select
        chosen_slices.slice,
        repeated_answers.touchpoint,
        repeated_answers.customer_number as whose,
        repeated_answers.day >= spans.first_day as is_now,
        1 as answers,
        repeated_answers.points,
        repeated_answers.points * repeated_answers.points as squares
    from repeated_answers
    inner join chosen_slices on repeated_answers.slice_id = chosen_slices.slice_id
    cross join spans
    where
        repeated_answers.points is not null
        and repeated_answers.touchpoint <> ''
        and repeated_answers.day between spans.first_before and spans.last_day
),

alike as (
    select * from pairs_among('told')
),

asked as (
    select
        chosen_slices.slice,
        invitations_answered.touchpoint,
        invitations_answered.customer_number as whose,
        1 as answers,
        invitations_answered.answered as points,
        invitations_answered.answered as squares
    from invitations_answered
    cross join spans
    cross join reach
    inner join chosen_slices on invitations_answered.slice_id = chosen_slices.slice_id
    where
        invitations_answered.is_over and invitations_answered.day between spans.first_day and spans.last_day
        and reach.names_customers
),

rates as (
    select
        slice,
        touchpoint,
        count(*) as asked,
        cast(sum(points) as bigint) as answered
    from asked
    group by slice, touchpoint
)

select
    counts.slice,
    counts.touchpoint,
    counts.responses,
    rates.asked,
    rates.answered,
    rates.answered / rates.asked as response_rate,
    asked_again.pairs as pairs_asked,
    asked_again.pair_sum as pair_sum_asked,
    asked_again.pair_products as pair_products_asked,
    asked_again.again as again_asked,
    counts.promoters,
    counts.passives,
    counts.detractors,
    100 * (counts.promoters - counts.detractors) / counts.responses as nps,
    coalesce(counts.responses_before, 0) as responses_before,
    counts.promoters_before,
    counts.detractors_before,
    100 * (counts.promoters_before - counts.detractors_before) / nullif(counts.responses_before, 0) as nps_before,
    alike.pairs,
    alike_before.pairs as pairs_before,
    alike.pair_sum,
    alike_before.pair_sum as pair_sum_before,
    alike.pair_products,
    alike_before.pair_products as pair_products_before,
    alike.again,
    alike_before.again as again_before,
    shared.shared,
    shared.shared_sum,
    shared.shared_sum_before,
    shared.shared_products
from counts
left join rates on counts.slice = rates.slice and counts.touchpoint = rates.touchpoint
left join pairs_among('asked') as asked_again
    on counts.slice = asked_again.slice and counts.touchpoint = asked_again.touchpoint
left join alike on counts.slice = alike.slice and counts.touchpoint = alike.touchpoint and alike.is_now
left join alike as alike_before
    on
        counts.slice = alike_before.slice
        and counts.touchpoint = alike_before.touchpoint
        and not alike_before.is_now
left join pairs_between('told') as shared on counts.slice = shared.slice and counts.touchpoint = shared.touchpoint
where counts.responses > 0
order by counts.slice, nps, counts.touchpoint
