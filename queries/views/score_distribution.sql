/*---
title: How customers score us
row: one row per score from 0 to 10, with the share of all answers of the range; design_effect, the same in every row,
  is how many answers say as much of the Net Promoter Score as one would, if each came from another customer
needs: [responses]
columns:
  score: number
  responses: number
  share: percent
  low: percent
  high: percent
  design_effect: number
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

told as (  -- by customers who answered several times
    select
        chosen_slices.slice,
        repeated_answers.customer_number as whose,
        repeated_answers.score,
        repeated_answers.points
    from repeated_answers
    inner join chosen_slices on repeated_answers.slice_id = chosen_slices.slice_id
    where
        repeated_answers.counts_towards_scores
        and repeated_answers.points is not null
        and repeated_answers.day between cast($first as date) and cast($last as date)
),

told_of_points as (  -- noqa: ST03
    select
        slice,
        whose,
        1 as answers,
        points,
        points * points as squares
    from told
),

alike as (
    select * from pairs_among('told_of_points')
),

given as (  -- how often each customer gave a score
    select
        slice,
        whose,
        score,
        count(*) as times,
        sum(count(*)) over (partition by slice, whose) as answers
    from told
    group by slice, whose, score
),

alike_by_score as (  -- over the same pairs, of giving this score: a row for each answer and score would be many
    select
        slice,
        score,
        sum(times * answers - times) as pair_sum,
        sum(times * times - times) as pair_products
    from given
    group by slice, score
),

scores as (
    select unnest(generate_series(0, 10)) as score
)

select
    totals.slice,
    scores.score,
    coalesce(answers.responses, 0) as responses,
    totals.answers,
    coalesce(answers.responses, 0) / totals.answers as share,
    alike.pairs,
    alike_by_score.pair_sum,
    alike_by_score.pair_products,
    alike.again,
    alike.pair_sum as points_sum,
    alike.pair_products as points_products
from totals
cross join scores
left join answers on totals.slice = answers.slice and scores.score = answers.score
left join alike on totals.slice = alike.slice
left join alike_by_score on totals.slice = alike_by_score.slice and scores.score = alike_by_score.score
order by totals.slice, scores.score
