-- one row per day and slice on which customers gain or lose a score: by how much the number of scored customers, and
-- of customers scored 8 or more, differs from the day before. What began before the data counts from its first day.
with
steps as (
    select
        score_periods.customer_id,
        greatest(score_periods.valid_from, data_days.first_day) as day,
        score_periods.score,
        1 as step
    from score_periods
    cross join data_days
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
    sum(steps.step) as customers_scored_step,
    coalesce(sum(steps.step) filter (where steps.score >= 8), 0) as customers_8plus_step
from steps
inner join customers on steps.customer_id = customers.customer_id
group by steps.day, customers.slice_id
