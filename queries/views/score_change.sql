/*---
title: How the Net Promoter Score changed
row: one row per slice, of the answers of the range that count towards scores and of those of as many days before it, or
  of days_before; change with its 95 % interval, surer the more customers answered both times
needs: [responses]
parameters:
  days_before: 0
columns: {responses: number, nps: score, responses_before: number, nps_before: score, change: score,
  change_low: score, change_high: score}
---*/
with
spans as (
    select
        cast($first as date) as first_day,
        cast($last as date) as last_day,
        cast($first as date) - cast(
            coalesce(
                nullif($days_before, 0), date_diff('day', cast($first as date), cast($last as date)) + 1
            ) as integer
        ) as first_before
),

counts as (
    select
        chosen_slices.slice,
        cast(sum(answers_by_day.nps_responses) filter (where answers_by_day.day >= spans.first_day) as bigint)
            as responses,
        cast(sum(answers_by_day.nps_responses) filter (where answers_by_day.day < spans.first_day) as bigint)
            as responses_before,
        cast(sum(answers_by_day.promoters) filter (where answers_by_day.day >= spans.first_day) as bigint)
            as promoters,
        cast(sum(answers_by_day.promoters) filter (where answers_by_day.day < spans.first_day) as bigint)
            as promoters_before,
        cast(sum(answers_by_day.detractors) filter (where answers_by_day.day >= spans.first_day) as bigint)
            as detractors,
        cast(sum(answers_by_day.detractors) filter (where answers_by_day.day < spans.first_day) as bigint)
            as detractors_before
    from answers_by_day
    cross join spans
    inner join chosen_slices on answers_by_day.slice_id = chosen_slices.slice_id
    where answers_by_day.day between spans.first_before and spans.last_day
    group by chosen_slices.slice
),

told as (  -- what each customer said who answered several times
    select
        chosen_slices.slice,
        repeated_answers.customer_number,
        repeated_answers.day >= spans.first_day as is_now,
        count(*) as answers,
        sum(repeated_answers.points) as points,
        sum(repeated_answers.points * repeated_answers.points) as squares
    from repeated_answers
    inner join chosen_slices on repeated_answers.slice_id = chosen_slices.slice_id
    cross join spans
    where
        repeated_answers.counts_towards_scores
        and repeated_answers.points is not null
        and repeated_answers.day between spans.first_before and spans.last_day
    group by chosen_slices.slice, repeated_answers.customer_number, is_now
),

alike as (  -- over all ordered pairs of one customer's answers
    select
        slice,
        sum(answers * answers - answers) filter (where is_now) as pairs,
        sum(answers * answers - answers) filter (where not is_now) as pairs_before,
        sum(points * answers - points) filter (where is_now) as pair_sum,
        sum(points * answers - points) filter (where not is_now) as pair_sum_before,
        sum(points * points - squares) filter (where is_now) as pair_products,
        sum(points * points - squares) filter (where not is_now) as pair_products_before,
        sum(answers - 1) filter (where is_now) as again,
        sum(answers - 1) filter (where not is_now) as again_before
    from told
    group by slice
),

shared as (  -- over all pairs of an answer of the range with one that the same customer gave before it
    select
        told.slice,
        sum(told.answers * told_before.answers) as shared,
        sum(told.points * told_before.answers) as shared_sum,
        sum(told_before.points * told.answers) as shared_sum_before,
        sum(told.points * told_before.points) as shared_products
    from told
    inner join told as told_before
        on
            told.slice = told_before.slice
            and told.customer_number = told_before.customer_number
            and told.is_now
            and not told_before.is_now
    group by told.slice
)

select
    counts.slice,
    coalesce(counts.responses, 0) as responses,
    coalesce(counts.promoters, 0) as promoters,
    coalesce(counts.detractors, 0) as detractors,
    coalesce(counts.responses_before, 0) as responses_before,
    coalesce(counts.promoters_before, 0) as promoters_before,
    coalesce(counts.detractors_before, 0) as detractors_before,
    alike.pairs,
    alike.pair_sum,
    alike.pair_products,
    alike.again,
    alike.pairs_before,
    alike.pair_sum_before,
    alike.pair_products_before,
    alike.again_before,
    shared.shared,
    shared.shared_sum,
    shared.shared_sum_before,
    shared.shared_products
from counts
left join alike on counts.slice = alike.slice
left join shared on counts.slice = shared.slice
order by counts.slice
