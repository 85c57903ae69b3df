-- one row per month: turnover from customers whose latest answer before the order, at most a year old, was 8 or more
select
    cast(date_trunc('month', orders.day) as date) as period,
    cast(sum(orders.amount) filter (answers.score >= 8 and orders.day - answers.day < 365) as double) as value
from (select customer_id, cast(ordered_at as date) as day, amount from '{exports}/orders.parquet') as orders
asof left join (
    select customer_id, cast(responded_at as date) as day, arg_max(score, (responded_at, response_id)) as score
    from '{exports}/responses.parquet'
    group by all
) as answers
    on orders.customer_id = answers.customer_id and orders.day >= answers.day
group by period
order by period
