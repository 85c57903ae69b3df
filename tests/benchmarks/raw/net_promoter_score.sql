-- one row per month: share of promoters less share of detractors among its answers
select
    cast(date_trunc('month', responded_at) as date) as period,
    100 * avg(case when score >= 9 then 1 when score <= 6 then -1 else 0 end) as value
from '{exports}/responses.parquet'
group by period
order by period
