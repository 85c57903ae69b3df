-- one row per month: mean over its days of the customers active that day, from the events themselves
select cast(date_trunc('month', day) as date) as period, avg(customers) as value
from (
    select cast(occurred_at as date) as day, count(distinct customer_id) as customers
    from '{exports}/activity-*.parquet'
    group by day
)
group by period
order by period
