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

told as (  -- noqa: ST03
    -- by customers who answered several times
    select
        chosen_slices.slice,
        repeated_answers.customer_number as whose,
        repeated_answers.day >= spans.first_day as is_now,
        1 as answers,
        repeated_answers.points,
        repeated_answers.points * repeated_answers.points as squares
    from repeated_answers
    inner join chosen_slices on repeated_answers.slice_id = chosen_slices.slice_id
    cross join spans
    where
        repeated_answers.counts_towards_scores
        and repeated_answers.points is not null
        and repeated_answers.day between spans.first_before and spans.last_day
),

alike as (
    select * from pairs_among('told')
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
    alike_before.pairs as pairs_before,
    alike_before.pair_sum as pair_sum_before,
    alike_before.pair_products as pair_products_before,
    alike_before.again as again_before,
    shared.shared,
    shared.shared_sum,
    shared.shared_sum_before,
    shared.shared_products
from counts
left join alike on counts.slice = alike.slice and alike.is_now
left join alike as alike_before on counts.slice = alike_before.slice and not alike_before.is_now
left join pairs_between('told') as shared on counts.slice = shared.slice
order by counts.slice
