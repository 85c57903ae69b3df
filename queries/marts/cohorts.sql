-- one row per cohort (the month its customers became ones), slice and month since then that the data covers: how many
-- customers the cohort has, how many of them were active or ordered that month, and what they brought.
-- month_number 0 is the cohort's own month. Customers whose start is unknown belong to none; what others did before
-- they signed up is left out.
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
    where started_on is not null
),

what_happened as (
    select
        cohort_month,
        slice_id,
        month,
        active,
        0 as ordering,
        0 as revenue
    from cohort_activity
    union all
    select
        members.cohort_month,
        members.slice_id,
        customer_periods.period as month,
        0 as active,
        count(*) filter (where customer_periods.orders > 0) as ordering,
        sum(customer_periods.revenue) as revenue
    from customer_periods
    inner join members on customer_periods.customer_id = members.customer_id
    where customer_periods.grain = 'month'
    group by members.cohort_month, members.slice_id, customer_periods.period
),

happened as (
    select
        cohort_month,
        slice_id,
        month,
        sum(active) as active,
        sum(ordering) as ordering,
        sum(revenue) as revenue
    from what_happened
    group by cohort_month, slice_id, month
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
    coalesce(happened.revenue, 0) as revenue
from cohorts
inner join months on cohorts.cohort_month <= cast(months.moment as date)
left join happened
    on
        cohorts.cohort_month = happened.cohort_month
        and cohorts.slice_id = happened.slice_id
        and cast(months.moment as date) = happened.month
