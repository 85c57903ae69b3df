/*---
title: How many customers are still there, month by month
row: one row per whole month since customers became ones (0 is the month they came), over the customers who came from
  first to last and whose month is covered; retained are those active in it, or ordering with measure=ordering
columns:
  month_number: number
  customers: customers
  retained: customers
  share: percent
  low: percent
  high: percent
interval: share(retained, customers)
parameters:
  measure: active
---*/
with
covers as (
    select
        'active' as measure,
        min(activity_by_day.day) as first_day,
        any_value(data_days.active_until) as last_day
    from activity_by_day
    cross join data_days
    union all
    select
        'ordering' as measure,
        min(orders_by_day.day) filter (where orders_by_day.orders_of_customers > 0) as first_day,
        any_value(data_days.orders_until) as last_day
    from orders_by_day
    cross join data_days
),

months as (
    select
        chosen_slices.slice,
        cohorts.month_number,
        cohorts.customers,
        case covers.measure when 'active' then cohorts.active else cohorts.ordering end as retained
    from cohorts
    inner join chosen_slices on cohorts.slice_id = chosen_slices.slice_id
    inner join covers
        on
            covers.measure = $measure
            and cast(cohorts.cohort_month + to_months(cast(cohorts.month_number as integer)) as date)
            >= covers.first_day
            and last_day(cohorts.cohort_month + to_months(cast(cohorts.month_number as integer))) <= covers.last_day
    where cohorts.cohort_month >= date_trunc('month', cast($first as date)) and cohorts.cohort_month <= $last
)

select
    slice,
    month_number,
    cast(sum(customers) as bigint) as customers,
    cast(sum(retained) as bigint) as retained,
    sum(retained) / sum(customers) as share
from months
group by slice, month_number
order by slice, month_number
