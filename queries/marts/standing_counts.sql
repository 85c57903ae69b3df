-- one row per day of the data and slice: how many customers stand in each rolling count that day. A running sum of
-- openings, less endings, over days without gaps: exact, because a customer's stretches of activity never overlap.
with
days as (
    select unnest(generate_series(first_day, last_day, interval 1 day)) as moment
    from data_days
),

grid as (
    select
        cast(days.moment as date) as day,
        slices.slice_id
    from days
    cross join slices
),

steps as (  -- what came before the data counts from its first day
    select
        greatest(score_steps.day, data_days.first_day) as day,
        score_steps.slice_id,
        sum(score_steps.customers_8plus_step) as customers_8plus_step,
        sum(score_steps.customers_scored_step) as customers_scored_step
    from score_steps
    cross join data_days
    group by greatest(score_steps.day, data_days.first_day), score_steps.slice_id
),

last_days as (  -- of customers who have not come back: their stretches end with it, too
    select
        customer_activity.last_active_on as day,
        customers.slice_id,
        count(*) as ending
    from customer_activity
    inner join customers on customer_activity.customer_id = customers.customer_id
    group by customer_activity.last_active_on, customers.slice_id
)

select
    grid.day,
    grid.slice_id,
    cast(
        coalesce(sum(activity_by_day.opened_7d) over until_today, 0)
        - coalesce(sum(activity_by_day.ended_7d) over until_7_days_ago, 0)
        - coalesce(sum(last_days.ending) over until_7_days_ago, 0) as bigint
    ) as active_7d,
    cast(
        coalesce(sum(activity_by_day.opened_28d) over until_today, 0)
        - coalesce(sum(activity_by_day.ended_28d) over until_28_days_ago, 0)
        - coalesce(sum(last_days.ending) over until_28_days_ago, 0) as bigint
    ) as active_28d,
    cast(coalesce(sum(steps.customers_8plus_step) over until_today, 0) as bigint) as customers_8plus,
    cast(coalesce(sum(steps.customers_scored_step) over until_today, 0) as bigint) as customers_scored
from grid
left join activity_by_day on grid.day = activity_by_day.day and grid.slice_id = activity_by_day.slice_id
left join last_days on grid.day = last_days.day and grid.slice_id = last_days.slice_id
left join steps on grid.day = steps.day and grid.slice_id = steps.slice_id
window
    until_today as (
        partition by grid.slice_id order by grid.day
        rows between unbounded preceding and current row
    ),
    until_7_days_ago as (
        partition by grid.slice_id order by grid.day
        rows between unbounded preceding and 7 preceding
    ),
    until_28_days_ago as (
        partition by grid.slice_id order by grid.day
        rows between unbounded preceding and 28 preceding
    )
