-- one row per basis and customer with a score then: band, value tier before the window, and revenue in it (0 without).
-- The window is last_complete_year. basis 'prospective': the score of the day before the window;
-- 'at_the_end': of its last day. Either way the latest answer given by then and still valid: none that came later.
-- value_tier: by revenue of the 12 months before the window; of the customers with any the 'top 10 %', the 'next 40 %'
-- and the 'rest', all others 'no revenue'; of equals the first customer_id ranks higher. No row without 12 such months.
with
bases as (
    select
        'prospective' as basis,
        starts_on - 1 as day
    from last_complete_year
    union all
    select
        'at_the_end' as basis,
        ends_before - 1 as day
    from last_complete_year
),

answers as (
    select
        bases.basis,
        scored_responses.customer_id,
        scored_responses.slice_id,
        scored_responses.band,
        row_number() over (
            partition by bases.basis, scored_responses.customer_id
            order by
                scored_responses.responded_at desc,
                length(scored_responses.response_id) desc,
                scored_responses.response_id desc
        ) as place
    from bases
    cross join settings
    inner join scored_responses
        on bases.day >= scored_responses.day and bases.day < scored_responses.day + cast(settings.valid_days as integer)
),

spending as (
    select
        months.customer_id,
        coalesce(sum(months.revenue) filter (where months.period >= last_year.starts_on), 0) as revenue,
        coalesce(sum(months.revenue) filter (where months.period < last_year.starts_on), 0) as revenue_before
    from customer_periods as months
    inner join last_complete_year as last_year
        on months.period >= last_year.before_from and months.period < last_year.ends_before
    where months.grain = 'month'
    group by months.customer_id
),

ranked as (
    select
        customer_id,
        revenue,
        revenue_before,
        row_number() over (
            partition by revenue_before > 0 order by revenue_before desc, customer_id asc
        ) - 1 as spenders_above,
        count(*) over (partition by revenue_before > 0) as spenders
    from spending
)

select
    answers.basis,
    answers.customer_id,
    answers.slice_id,
    answers.band,
    case
        when coalesce(ranked.revenue_before, 0) <= 0 then 'no revenue'
        when ranked.spenders_above * 10 < ranked.spenders then 'top 10 %'
        when ranked.spenders_above * 2 < ranked.spenders then 'next 40 %'
        else 'rest'
    end as value_tier,
    coalesce(ranked.revenue, 0) as revenue
from answers
left join ranked on answers.customer_id = ranked.customer_id
where answers.place = 1 and answers.customer_id is not null
