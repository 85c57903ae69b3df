-- No customer holds two scores on one day
-- severity: error
with
neighbours as (
    select
        customer_id,
        score,
        valid_from,
        valid_to,
        lead(valid_from) over (partition by customer_id order by valid_from) as next_from
    from score_periods
)

select
    customer_id,
    score,
    valid_from,
    valid_to,
    next_from
from neighbours
where valid_from >= valid_to or next_from < valid_to
