-- one row per month: complaints per 1,000 customers active in the 28 days that end on its last day
select period, 1000 * complaints / customers as value
from (
    select cast(date_trunc('month', opened_at) as date) as period, count(*) as complaints
    from '{exports}/tickets.parquet'
    where kind = 'complaint'
    group by period
)
inner join (
    select cast(date_trunc('month', occurred_at) as date) as period, count(distinct customer_id) as customers
    from '{exports}/activity-*.parquet'
    where cast(occurred_at as date) > last_day(occurred_at) - 28
    group by period
) using (period)
order by period
