/*---
title: What pulls the Net Promoter Score down or up
row: one row per touchpoint (of all answers at one), product bought last (90 days), topic complained about (90 days) and
  value of a dimension (of the answers that count towards scores). lift is how many points their kind's score would gain
  if these answers scored like the rest - share × (nps_rest − nps), with a 95 % interval; the largest first. Where
  a customer answers several times in the range, these answers are alike and the intervals wider by as much as they are;
  surer by what a customer said both at a touchpoint and at others
needs: [responses]
columns: {kind: text, name: text, responses: number, share: percent, nps: score, nps_rest: score, lift: score,
  low: score, high: score}
---*/
with
answers as (
    select
        chosen_slices.slice,
        answers_by_day.slice_id,
        cast(sum(answers_by_day.nps_responses) as bigint) as responses,
        cast(sum(answers_by_day.promoters) as bigint) as promoters,
        cast(sum(answers_by_day.detractors) as bigint) as detractors
    from answers_by_day
    inner join chosen_slices on answers_by_day.slice_id = chosen_slices.slice_id
    where answers_by_day.day between cast($first as date) and cast($last as date)
    group by chosen_slices.slice, answers_by_day.slice_id
),

named as (
    select
        chosen_slices.slice,
        answers_by_group.group_kind as kind,
        answers_by_group.group_name as name,
        cast(sum(answers_by_group.responses) as bigint) as responses,
        cast(sum(answers_by_group.promoters) as bigint) as promoters,
        cast(sum(answers_by_group.detractors) as bigint) as detractors
    from answers_by_group
    inner join chosen_slices on answers_by_group.slice_id = chosen_slices.slice_id
    where answers_by_group.day between cast($first as date) and cast($last as date)
    group by chosen_slices.slice, answers_by_group.group_kind, answers_by_group.group_name
),

told as (  -- noqa: ST03
    -- by customers who answered several times
    select
        chosen_slices.slice,
        repeated_answers.customer_number as whose,
        1 as answers,
        repeated_answers.points,
        repeated_answers.points * repeated_answers.points as squares
    from repeated_answers
    inner join chosen_slices on repeated_answers.slice_id = chosen_slices.slice_id
    where
        repeated_answers.counts_towards_scores
        and repeated_answers.points is not null
        and repeated_answers.day between cast($first as date) and cast($last as date)
),

told_at as (  -- noqa: ST03
    -- by the same customers at touchpoints
    select
        chosen_slices.slice,
        repeated_answers.touchpoint as name,
        repeated_answers.customer_number as whose,
        1 as answers,
        repeated_answers.points,
        repeated_answers.points * repeated_answers.points as squares
    from repeated_answers
    inner join chosen_slices on repeated_answers.slice_id = chosen_slices.slice_id
    where
        repeated_answers.points is not null
        and repeated_answers.touchpoint <> ''
        and repeated_answers.day between cast($first as date) and cast($last as date)
),

told_anywhere as (  -- noqa: ST03
    select
        slice,
        whose,
        answers,
        points,
        squares
    from told_at
),

told_here as (
    select
        slice,
        name,
        whose,
        count(*) as answers,
        sum(points) as points,
        sum(count(*)) over of_customer - count(*) as answers_elsewhere,
        sum(sum(points)) over of_customer - sum(points) as points_elsewhere
    from told_at
    group by slice, name, whose
    window of_customer as (partition by slice, whose)
),

told_apart as (  -- noqa: ST03
    -- by customers who answered at a touchpoint and elsewhere
    select
        slice,
        name,
        whose,
        unnest([true, false]) as is_now,
        unnest([answers, answers_elsewhere]) as answers,
        unnest([points, points_elsewhere]) as points,
        0 as squares
    from told_here
    where answers_elsewhere > 0
),

totals as (
    select
        slice,
        kind,
        sum(responses) as responses,
        sum(promoters) as promoters,
        sum(detractors) as detractors
    from named
    where kind = 'touchpoint'  -- of products and topics an answer may have several
    group by slice, kind
    union all
    select
        slice,
        'product' as kind,
        responses,
        promoters,
        detractors
    from named
    where kind = 'bought'
    union all
    select
        slice,
        'topic' as kind,
        sum(responses) as responses,
        sum(promoters) as promoters,
        sum(detractors) as detractors
    from answers
    group by slice
)

select
    named.slice,
    named.kind,
    named.name,
    null as slice_id,
    named.responses,
    named.promoters,
    named.detractors,
    cast(totals.responses as bigint) as responses_all,
    cast(totals.promoters as bigint) as promoters_all,
    cast(totals.detractors as bigint) as detractors_all,
    here.pairs,
    here.pair_sum,
    here.pair_products,
    here.again,
    anywhere.pairs as pairs_all,
    anywhere.pair_sum as pair_sum_all,
    anywhere.pair_products as pair_products_all,
    anywhere.again as again_all,
    shared.shared,
    shared.shared_sum,
    shared.shared_sum_before,
    shared.shared_products,
    shared.customers as shared_customers
from named
inner join totals on named.slice = totals.slice and named.kind = totals.kind
left join pairs_among('told_at') as here
    on named.slice = here.slice and named.name = here.name and named.kind = 'touchpoint'
left join pairs_among('told_anywhere') as anywhere on named.slice = anywhere.slice and named.kind = 'touchpoint'
left join pairs_between('told_apart') as shared
    on named.slice = shared.slice and named.name = shared.name and named.kind = 'touchpoint'
union all
select
    answers.slice,
    'dimension' as kind,
    '' as name,
    answers.slice_id,
    answers.responses,
    answers.promoters,
    answers.detractors,
    cast(sum(answers.responses) over (partition by answers.slice) as bigint) as responses_all,
    cast(sum(answers.promoters) over (partition by answers.slice) as bigint) as promoters_all,
    cast(sum(answers.detractors) over (partition by answers.slice) as bigint) as detractors_all,
    null as pairs,
    null as pair_sum,
    null as pair_products,
    null as again,
    alike.pairs as pairs_all,
    alike.pair_sum as pair_sum_all,
    alike.pair_products as pair_products_all,
    alike.again as again_all,
    null as shared,
    null as shared_sum,
    null as shared_sum_before,
    null as shared_products,
    null as shared_customers
from answers
left join pairs_among('told') as alike on answers.slice = alike.slice
