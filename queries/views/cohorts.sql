/*---
title: How many customers stay, by the month they came
row: one row per month in which customers became ones, from first to last, and whole month since then (month_number 0 is
  the month they came). The share that was active is empty for months that the activity export does not cover, that
  which ordered for months that the orders export does not cover
columns:
  cohort_month: day
  month_number: number
  customers: customers
  active: customers
  active_share: percent
  ordering: customers
  ordering_share: percent
  revenue: currency
---*/
with
activity_covers as (
    select
        min(activity_by_day.day) as first_day,
        any_value(data_days.active_until) as last_day
    from activity_by_day
    cross join data_days
),

orders_cover as (
    select
        min(orders_by_day.day) filter (where orders_by_day.orders_of_customers > 0) as first_day,
        any_value(data_days.orders_until) as last_day
    from orders_by_day
    cross join data_days
),

summed as (
    select
        chosen_slices.slice,
        cohorts.cohort_month,
        cohorts.month_number,
        cast(cohorts.cohort_month + to_months(cast(cohorts.month_number as integer)) as date) as month,
        sum(cohorts.customers) as customers,
        sum(cohorts.active) as active,
        sum(cohorts.ordering) as ordering,
        cast(sum(cohorts.revenue) as double) as revenue
    from cohorts
    inner join chosen_slices on cohorts.slice_id = chosen_slices.slice_id
    where cohorts.cohort_month >= date_trunc('month', cast($first as date)) and cohorts.cohort_month <= $last
    group by chosen_slices.slice, cohorts.cohort_month, cohorts.month_number
),

known as (
    select
        summed.*,
        coalesce(
            summed.month >= activity_covers.first_day and last_day(summed.month) <= activity_covers.last_day, false
        ) as knows_activity,
        coalesce(summed.month >= orders_cover.first_day and last_day(summed.month) <= orders_cover.last_day, false)
            as knows_orders
    from summed
    cross join activity_covers
    cross join orders_cover
)

select
    known.slice,
    known.cohort_month,
    known.month_number,
    cast(known.customers as bigint) as customers,
    cast(case when known.knows_activity then known.active end as double) as active,
    case when known.knows_activity then known.active / known.customers end as active_share,
    cast(case when known.knows_orders then known.ordering end as double) as ordering,
    case when known.knows_orders then known.ordering / known.customers end as ordering_share,
    case when known.knows_orders then known.revenue end as revenue
from known
where known.knows_activity or known.knows_orders
order by known.slice, known.cohort_month, known.month_number
