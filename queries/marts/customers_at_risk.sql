-- one row per customer who is not lost but shows a sign of leaving on the data's last day, with their revenue of the
-- last 12 months. Signs: is_quiet (28 to 90 days without activity or purchase), use_halved (active on at most half as
-- many of the last 28 days as of the 28 before, which had at least 4), score_fell (the latest answer, still valid, is
-- in a lower band than the one before), complaint_open (unless no ticket says when it was closed: nobody knows which
-- are open). Where activity ends before other exports, is_quiet and use_halved are as of its last day: of the days
-- after it nobody knows who was active
with
answers as (
    select
        customer_id,
        score,
        case band when 'detractor' then 0 when 'passive' then 1 else 2 end as height,
        lead(score) over newest_first as score_before,
        lead(case band when 'detractor' then 0 when 'passive' then 1 else 2 end) over newest_first as height_before,
        row_number() over newest_first as place
    from scored_responses
    window newest_first as (
        partition by customer_id order by responded_at desc, length(response_id) desc, response_id desc
    )
),

ends as (
    select count(closed_at) > 0 as are_known
    from tickets
),

complaints as (
    select distinct tickets.customer_id
    from tickets
    cross join ends
    where tickets.closed_at is null and tickets.kind = 'complaint' and ends.are_known
),

signs as (
    select
        customer_profile.customer_id,
        customer_profile.slice_id,
        customer_profile.revenue_12m,
        answers.score_before,
        customer_activity.active_days_28_before as active_days_before,
        customer_profile.lifecycle = 'at risk' as is_quiet,
        coalesce(
            customer_activity.active_days_28_before >= 4
            and customer_activity.active_days_28 * 2 <= customer_activity.active_days_28_before,
            false
        ) as use_halved,
        coalesce(customer_profile.band <> 'unscored' and answers.height < answers.height_before, false) as score_fell,
        complaints.customer_id is not null as complaint_open
    from customer_profile
    left join customer_activity on customer_profile.customer_id = customer_activity.customer_id
    left join answers on customer_profile.customer_id = answers.customer_id and answers.place = 1
    left join complaints on customer_profile.customer_id = complaints.customer_id
    where customer_profile.lifecycle <> 'lost'
)

select
    customer_id,
    slice_id,
    revenue_12m,
    score_before,
    coalesce(active_days_before, 0) as active_days_before,
    is_quiet,
    use_halved,
    score_fell,
    complaint_open
from signs
where is_quiet or use_halved or score_fell or complaint_open
