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

told as (  -- how often each customer gave a score who answered several times
    select
        chosen_slices.slice,
        repeated_answers.customer_number,
        repeated_answers.score,
        count(*) as given,
        sum(repeated_answers.points) as points,
        sum(repeated_answers.points * repeated_answers.points) as squares,
        sum(count(*)) over of_customer as answers,
        sum(sum(repeated_answers.points)) over of_customer as points_of_customer
    from repeated_answers
    inner join chosen_slices on repeated_answers.slice_id = chosen_slices.slice_id
    where
        repeated_answers.counts_towards_scores
        and repeated_answers.points is not null
        and repeated_answers.day between cast($first as date) and cast($last as date)
    group by chosen_slices.slice, repeated_answers.customer_number, repeated_answers.score
    window of_customer as (partition by chosen_slices.slice, repeated_answers.customer_number)
),

alike as (  -- over all ordered pairs of one customer's answers
    select
        slice,
        sum(given * answers - given) as pairs,
        sum(given) - count(distinct customer_number) as again,
        sum(points * answers - points) as points_sum,
        sum(points * points_of_customer - squares) as points_products
    from told
    group by slice
),

alike_by_score as (
    select
        slice,
        score,
        sum(given * answers - given) as pair_sum,
        sum(given * given - given) as pair_products
    from told
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
    alike.points_sum,
    alike.points_products
from totals
cross join scores
left join answers on totals.slice = answers.slice and scores.score = answers.score
left join alike on totals.slice = alike.slice
left join alike_by_score on totals.slice = alike_by_score.slice and scores.score = alike_by_score.score
order by totals.slice, scores.score
