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
)

select
    grid.day,
    grid.slice_id,
    cast(
        coalesce(sum(activity_by_day.opened_7d) over until_today, 0)
        - coalesce(sum(activity_by_day.ending_7d) over until_7_days_ago, 0) as bigint
    ) as active_7d,
    cast(
        coalesce(sum(activity_by_day.opened_28d) over until_today, 0)
        - coalesce(sum(activity_by_day.ending_28d) over until_28_days_ago, 0) as bigint
    ) as active_28d,
    cast(coalesce(sum(score_steps.customers_8plus_step) over until_today, 0) as bigint) as customers_8plus,
    cast(coalesce(sum(score_steps.customers_scored_step) over until_today, 0) as bigint) as customers_scored
from grid
left join activity_by_day on grid.day = activity_by_day.day and grid.slice_id = activity_by_day.slice_id
left join score_steps on grid.day = score_steps.day and grid.slice_id = score_steps.slice_id
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
