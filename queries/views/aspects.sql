/*---
title: What matters to customers, and how good we are at it
row: one row per aspect that answers rate, from the newest `most` answers that rate all and count towards scores. mean
  with its 95 % interval; correlation with the score; importance is the aspect's share of what all explain of the
  score - Johnson's relative weights (2000), 95 % interval by bootstrap; explained is R², the same in every row
needs: [responses]
parameters:
  most: 100000
columns: {aspect: text, responses: number, mean: number, mean_low: number, mean_high: number, correlation: number,
  importance: percent, low: percent, high: percent, explained: percent}
---*/
with
aspects as (
    select count(distinct aspect) as number_of_aspects
    from ratings
),

complete as (
    select
        chosen_slices.slice,
        scored_responses.response_id,
        scored_responses.customer_id,
        scored_responses.score
    from scored_responses
    cross join aspects
    inner join ratings on scored_responses.response_id = ratings.response_id
    inner join chosen_slices on scored_responses.slice_id = chosen_slices.slice_id
    where scored_responses.day between cast($first as date) and cast($last as date)
    group by
        chosen_slices.slice, scored_responses.response_id, scored_responses.customer_id, scored_responses.score,
        scored_responses.responded_at, aspects.number_of_aspects
    having count(*) = aspects.number_of_aspects
    order by scored_responses.responded_at desc, scored_responses.response_id desc
    limit cast($most as integer)
)

select
    complete.slice,
    complete.response_id,
    coalesce(complete.customer_id, 'answer ' || complete.response_id) as whose,
    complete.score,
    ratings.aspect,
    ratings.rating
from complete
inner join ratings on complete.response_id = ratings.response_id
order by complete.slice, complete.response_id, ratings.aspect
