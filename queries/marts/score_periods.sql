-- one row per customer and stretch of days on which one answer is the customer's score: from valid_from up to, not
-- including, valid_to. An answer speaks from answer_counts_back_days before its day until it is valid_days old or
-- the next answer takes over; of several answers on one day the last counts. Stretches of a customer never overlap.
with spans as (
    select
        cast(valid_days as integer) as days_valid,
        cast(answer_counts_back_days as integer) as days_back
    from settings
)

select
    answers_in_turn.customer_id,
    answers_in_turn.score,
    answers_in_turn.band,
    answers_in_turn.day - spans.days_back as valid_from,
    case
        when answers_in_turn.next_day - spans.days_back < answers_in_turn.day + spans.days_valid
            then answers_in_turn.next_day - spans.days_back
        else answers_in_turn.day + spans.days_valid
    end as valid_to
from answers_in_turn
cross join spans
order by answers_in_turn.customer_id, valid_from
