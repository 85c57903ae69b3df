/*---
title: What pulls the Net Promoter Score down or up
row: one row per touchpoint (of all answers at one), product bought last (90 days), topic complained about (90 days) and
  value of a dimension (of the answers that count towards scores). lift is how many points their kind's score would gain
  if these answers scored like the rest - share × (nps_rest − nps), with a 95 % interval; the largest first
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
    cast(totals.detractors as bigint) as detractors_all
from named
inner join totals on named.slice = totals.slice and named.kind = totals.kind
union all
select
    slice,
    'dimension' as kind,
    '' as name,
    slice_id,
    responses,
    promoters,
    detractors,
    cast(sum(responses) over (partition by slice) as bigint) as responses_all,
    cast(sum(promoters) over (partition by slice) as bigint) as promoters_all,
    cast(sum(detractors) over (partition by slice) as bigint) as detractors_all
from answers
