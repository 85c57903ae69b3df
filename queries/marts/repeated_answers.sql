-- one row per survey answer, of any survey, of a customer who gave several: they are alike, so that intervals around
-- scores must know which came from one customer (customer_number; anonymous answers are nobody's second). points are 1
-- of a promoter, -1 of a detractor, else 0, null where the answer does not count for the Net Promoter Score.
-- counts_towards_scores: it is of the survey that does. days_apart: to the customer's nearest other answer that does,
-- or does not, alike
with
named_answers as (
    select
        responses.customer_id,
        customers.slice_id,
        responses.day,
        coalesce(trim(responses.touchpoint), '') as touchpoint,
        responses.score,
        case
            when responses.scale = '0-10' or settings.nps_of_any_scale
                then case when responses.score >= 9 then 1 when responses.score < 7 then -1 else 0 end
        end as points,
        settings.survey = 'any' or coalesce(responses.survey, 'relationship') = settings.survey
            as counts_towards_scores,
        count(*) over (partition by responses.customer_id) as answers
    from responses
    inner join customers on responses.customer_id = customers.customer_id
    cross join settings
),

repeated as (
    select
        *,
        date_diff('day', lag(day) over in_turn, day) as days_since,
        date_diff('day', day, lead(day) over in_turn) as days_until
    from named_answers
    where answers > 1
    window in_turn as (partition by customer_id, counts_towards_scores order by day)
)

select
    cast(dense_rank() over (order by customer_id) as integer) as customer_number,
    slice_id,
    day,
    touchpoint,
    score,
    points,
    counts_towards_scores,
    cast(least(coalesce(days_since, days_until), coalesce(days_until, days_since)) as integer) as days_apart
from repeated
order by customer_number, day, score, touchpoint
