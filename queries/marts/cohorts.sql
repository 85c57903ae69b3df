-- one row per cohort (the month its customers became ones), slice and month since then that the data covers: how many
-- customers the cohort has, how many of them were active or ordered that month, and what they brought.
-- month_number 0 is the cohort's own month. What customers did before they signed up is left out.
with
months as (
    select unnest(generate_series(cast(date_trunc('month', first_day) as date), last_day, interval 1 month)) as moment
    from data_days
),

members as (
    select
        customer_id,
        slice_id,
        cast(date_trunc('month', started_on) as date) as cohort_month
    from customer_starts
),

active_months as (
    select distinct
        customer_id,
        cast(date_trunc('month', day) as date) as month
    from customer_days
),

what_happened as (
    select
        customer_id,
        month,
        1 as active,
        0 as ordering,
        0 as revenue
    from active_months
    union all
    select
        customer_id,
        month,
        0 as active,
        case when orders > 0 then 1 else 0 end as ordering,
        revenue
    from customer_months
),

happened as (
    select
        members.cohort_month,
        members.slice_id,
        what_happened.month,
        sum(what_happened.active) as active,
        sum(what_happened.ordering) as ordering,
        sum(what_happened.revenue) as revenue
    from what_happened
    inner join members on what_happened.customer_id = members.customer_id
    group by members.cohort_month, members.slice_id, what_happened.month
),

cohorts as (
    select
        cohort_month,
        slice_id,
        count(*) as customers
    from members
    group by cohort_month, slice_id
)

select
    cohorts.cohort_month,
    date_diff('month', cohorts.cohort_month, cast(months.moment as date)) as month_number,
    cohorts.slice_id,
    cohorts.customers,
    cast(coalesce(happened.active, 0) as bigint) as active,
    cast(coalesce(happened.ordering, 0) as bigint) as ordering,
    cast(coalesce(happened.revenue, 0) as decimal(18, 2)) as revenue
from cohorts
inner join months on cohorts.cohort_month <= cast(months.moment as date)
left join happened
    on
        cohorts.cohort_month = happened.cohort_month
        and cohorts.slice_id = happened.slice_id
        and cast(months.moment as date) = happened.month
order by cohorts.cohort_month, month_number, cohorts.slice_id
