-- The yardstick of the refresh: the shortest script that computes `daily` from the generated exports and nothing else.
-- No other tables, no rejected rows, no checks, no versions. {exports} is the folder, {daily} the file to write.
create table people as
select customer_id, segment, country, plan, signed_up_on, acquisition from '{exports}/customers.parquet';

create table visits as
select customer_id, cast(occurred_at as date) as day, sum(minutes) as minutes
from '{exports}/activity-*.parquet'
group by all;

create table activity as
select
    day, segment, country, plan, count(*) as active_customers, sum(minutes) as active_minutes,
    count(*) filter (since >= 7) as opened_7d, count(*) filter (until >= 7) as ended_7d,
    count(*) filter (since >= 28) as opened_28d, count(*) filter (until >= 28) as ended_28d
from (
    select
        customer_id, day, minutes,
        coalesce(day - lag(day) over mine, 99) as since, coalesce(lead(day) over mine - day, 99) as until
    from visits
    window mine as (partition by customer_id order by day)
)
inner join people using (customer_id)
group by all;

create table scores as
select
    customer_id, score, day as first_day,
    least(coalesce(lead(day) over (partition by customer_id order by day), day + 365), day + 365) as end_day
from (
    select customer_id, cast(responded_at as date) as day, arg_max(score, (responded_at, response_id)) as score
    from '{exports}/responses.parquet'
    group by all
);

create table pieces as
select day, segment, country, plan, active_customers, active_minutes, opened_7d as active_7d, opened_28d as active_28d
from activity
union all by name
select day + 7 as day, segment, country, plan, -ended_7d as active_7d from activity where ended_7d > 0
union all by name
select day + 28 as day, segment, country, plan, -ended_28d as active_28d from activity where ended_28d > 0
union all by name
select
    first_day as day, segment, country, plan, count(*) as customers_scored, count(*) filter (score >= 8) as customers_8plus
from scores inner join people using (customer_id) group by all
union all by name
select
    end_day as day, segment, country, plan, -count(*) as customers_scored, -count(*) filter (score >= 8) as customers_8plus
from scores inner join people using (customer_id) group by all
union all by name
select
    signed_up_on as day, segment, country, plan, count(*) as new_customers,
    count(*) filter (acquisition = 'earned') as earned_customers
from people group by all
union all by name
select
    cast(responded_at as date) as day, segment, country, plan, count(*) as responses,
    count(*) filter (score >= 9) as promoters, count(*) filter (score between 7 and 8) as passives,
    count(*) filter (score <= 6) as detractors, count(*) filter (score >= 8) as very_satisfied,
    sum(score) as score_sum, sum(score * score) as score_sum_squares
from '{exports}/responses.parquet' inner join people using (customer_id) group by all
union all by name
select
    cast(opened_at as date) as day, segment, country, plan, count(*) as tickets,
    count(*) filter (kind = 'complaint') as complaints
from '{exports}/tickets.parquet' inner join people using (customer_id) group by all
union all by name
select
    day, segment, country, plan, count(*) filter (amount >= 0) as orders,
    count(distinct customer_id) filter (amount >= 0) as ordering_customers, sum(amount) as revenue,
    sum(amount) filter (score >= 8) as eight_plus_revenue, sum(amount) filter (score >= 9) as promoter_revenue,
    sum(amount) filter (score between 7 and 8) as passive_revenue, sum(amount) filter (score <= 6) as detractor_revenue,
    sum(amount) filter (score is not null) as scored_revenue, sum(amount) filter (score is null) as unscored_revenue,
    count(*) filter (amount >= 0 and next_day - day <= 90) as orders_followed_90d
from (
    select
        customer_id, amount, cast(ordered_at as date) as day,
        min(cast(ordered_at as date)) over (
            partition by customer_id, amount >= 0 order by cast(ordered_at as date)
            range between interval 1 day following and unbounded following
        ) as next_day
    from '{exports}/orders.parquet'
) as sold
inner join people using (customer_id)
left join scores on sold.customer_id = scores.customer_id and day >= first_day and day < end_day
group by all;

copy (
    with
    grid as (
        select day, segment, country, plan
        from (select distinct segment, country, plan from people)
        cross join (
            select cast(unnest(generate_series(min(day), max(day), interval 1 day)) as date) as day
            from (select day from activity union all select cast(ordered_at as date) from '{exports}/orders.parquet')
        )
    ),
    summed as (select day, segment, country, plan, sum(columns(* exclude (day, segment, country, plan))) from pieces group by all),
    filled as (
        select
            day, segment, country, plan, coalesce(columns(summed.* exclude (day, segment, country, plan)), 0)
        from grid left join summed using (day, segment, country, plan)
    ),
    daily as (
        select
            * replace (
                sum(active_7d) over so_far as active_7d, sum(active_28d) over so_far as active_28d,
                sum(customers_scored) over so_far as customers_scored, sum(customers_8plus) over so_far as customers_8plus
            )
        from filled
        window so_far as (partition by segment, country, plan order by day)
    )
    select * from daily
    where active_28d + customers_scored + orders + abs(revenue) + responses + new_customers + tickets > 0
    order by day
) to '{daily}' (format parquet)
