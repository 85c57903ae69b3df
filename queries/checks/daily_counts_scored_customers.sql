-- On the last day, the daily table counts the customers who hold a score, and those who hold 8 or more
-- severity: error
with
from_periods as (
    select
        count(*) as customers_scored,
        count(*) filter (where score_periods.score >= 8) as customers_8plus
    from score_periods
    cross join data_days
    where score_periods.valid_from <= data_days.last_day and score_periods.valid_to > data_days.last_day
),

from_daily as (
    select
        coalesce(sum(daily.customers_scored), 0) as customers_scored,
        coalesce(sum(daily.customers_8plus), 0) as customers_8plus
    from daily
    inner join data_days on daily.day = data_days.last_day
)

select
    from_periods.customers_scored,
    from_daily.customers_scored as daily_customers_scored,
    from_periods.customers_8plus,
    from_daily.customers_8plus as daily_customers_8plus
from from_periods
cross join from_daily
where
    from_periods.customers_scored <> from_daily.customers_scored
    or from_periods.customers_8plus <> from_daily.customers_8plus
