/*---
title: What customers bring in their first year
row: one row per quarter in which customers became ones and way they came (earned, bought, unknown), of the quarters
  whose customers all have a whole year in the data. Revenue of each customer's first 12 months, refunds taken off,
  zeros counted; still_active is the share that was active or bought in the data's last 90 days. 95 % intervals
needs: [orders.customer_id]
columns:
  cohort_quarter: day
  acquisition: text
  customers: customers
  revenue_per_customer_12m: currency
  revenue_low: currency
  revenue_high: currency
  still_active: percent
  active_low: percent
  active_high: percent
---*/
with
covered as (
    select
        min(scored_orders.day) as first_day,
        any_value(data_days.orders_until) as last_day
    from scored_orders
    cross join data_days
),

members as (
    select
        customer_starts.customer_id,
        chosen_slices.slice,
        calendar.period as cohort_quarter,
        coalesce(customers.acquisition, 'unknown') as acquisition,
        customer_starts.started_on,
        cast(customer_starts.started_on + interval 12 month as date) as first_year_ends
    from customer_starts
    cross join covered
    inner join chosen_slices on customer_starts.slice_id = chosen_slices.slice_id
    inner join customers on customer_starts.customer_id = customers.customer_id
    inner join calendar on customer_starts.started_on = calendar.day and calendar.grain = 'quarter'
    where
        customer_starts.started_on >= covered.first_day
        and cast(calendar.ends_on + interval 12 month as date) <= covered.last_day
),

first_years as (
    select
        members.customer_id,
        members.slice,
        members.cohort_quarter,
        members.acquisition,
        cast(coalesce(sum(scored_orders.amount), 0) as double) as revenue
    from members
    left join scored_orders
        on
            members.customer_id = scored_orders.customer_id
            and members.started_on <= scored_orders.day
            and members.first_year_ends > scored_orders.day
    group by members.customer_id, members.slice, members.cohort_quarter, members.acquisition
)

select
    first_years.slice,
    first_years.cohort_quarter,
    first_years.acquisition,
    count(*) as customers,
    sum(first_years.revenue) as revenue,
    sum(first_years.revenue * first_years.revenue) as revenue_squares,
    count(*) filter (where customer_profile.lifecycle <> 'lost') as active_customers
from first_years
inner join customer_profile on first_years.customer_id = customer_profile.customer_id
group by first_years.slice, first_years.cohort_quarter, first_years.acquisition
order by first_years.slice, first_years.cohort_quarter, first_years.acquisition
