-- one row per customer and stretch of days on which one answer is the customer's score: from valid_from up to, not
-- including, valid_to. An answer speaks from answer_counts_back_days before its day until it is valid_days old or
-- the next answer takes over; of several answers on one day the last counts. Stretches of a customer never overlap.
with
ranked_answers as (
    select
        customer_id,
        day,
        score,
        band,
        row_number() over (
            partition by customer_id, day order by responded_at desc, response_id desc
        ) as place
    from scored_responses
    where customer_id is not null
),

answers as (
    select
        customer_id,
        day,
        score,
        band,
        lead(day) over (partition by customer_id order by day) as next_day
    from ranked_answers
    where place = 1
),

spans as (
    select
        cast(valid_days as integer) as days_valid,
        cast(answer_counts_back_days as integer) as days_back
    from settings
)

select
    answers.customer_id,
    answers.score,
    answers.band,
    answers.day - spans.days_back as valid_from,
    case
        when answers.next_day - spans.days_back < answers.day + spans.days_valid
            then answers.next_day - spans.days_back
        else answers.day + spans.days_valid
    end as valid_to
from answers
cross join spans
order by answers.customer_id, valid_from
