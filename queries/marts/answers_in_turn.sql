-- one row per customer and day on which they answered the survey that counts towards scores: the last answer of that
-- day (at one moment of it, that with the greatest id: 10 comes after 9, line 10 of a file after line 9), and next_day,
-- the day of the customer's next answer; without one it is the latest. customer_number stands for customer_id: numbers
-- join in a fraction of the time
with ranked_answers as (
    select
        customer_id,
        slice_id,
        day,
        score,
        band,
        row_number() over (
            partition by customer_id, day order by responded_at desc, length(response_id) desc, response_id desc
        ) as place
    from scored_responses
    where customer_id is not null
)

select
    customer_id,
    cast(dense_rank() over (order by customer_id) as integer) as customer_number,
    slice_id,
    day,
    score,
    band,
    lead(day) over (partition by customer_id order by day) as next_day
from ranked_answers
where place = 1
order by customer_id, day
