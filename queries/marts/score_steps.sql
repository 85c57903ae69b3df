-- one row per day and slice on which customers gain or lose a score: by how much the number of scored customers, and
-- of customers scored 8 or more, differs from the day before
with
steps as (
    select
        customer_id,
        valid_from as day,
        score,
        1 as step
    from score_periods
    union all
    select
        customer_id,
        valid_to as day,
        score,
        -1 as step
    from score_periods
)

select
    steps.day,
    customers.slice_id,
    cast(sum(steps.step) as bigint) as customers_scored_step,
    cast(coalesce(sum(steps.step) filter (where steps.score >= 8), 0) as bigint) as customers_8plus_step
from steps
inner join customers on steps.customer_id = customers.customer_id
group by steps.day, customers.slice_id
