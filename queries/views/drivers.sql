/*---
title: What pulls the Net Promoter Score down or up
row: one row per touchpoint (of all answers at one), product bought last (90 days), topic complained about (90 days) and
  value of a dimension (of the answers that count towards scores). lift is how many points their kind's score would gain
  if these answers scored like the rest - share × (nps_rest − nps), with a 95 % interval; the largest first. Where
  a customer answers several times in the range, these answers are alike, and the intervals of all kinds but touchpoints
  wider by as much as they are
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
    null as pairs,
    null as pair_sum,
    null as pair_products,
    null as again
from named
inner join totals on named.slice = totals.slice and named.kind = totals.kind
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
    alike.pairs,
    alike.pair_sum,
    alike.pair_products,
    alike.again
from answers
left join pairs_among('told') as alike on answers.slice = alike.slice
