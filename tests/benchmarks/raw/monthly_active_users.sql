-- one row per month: customers active in the 28 days that end on its last day, from the events themselves
select cast(date_trunc('month', occurred_at) as date) as period, count(distinct customer_id) as value
from '{exports}/activity-*.parquet'
where cast(occurred_at as date) > last_day(occurred_at) - 28
group by period
order by period
