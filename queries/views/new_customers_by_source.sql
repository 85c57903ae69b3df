/*---
title: New customers by the way they came
row: one row per period and way of coming (earned by referral or recommendation, bought, unknown) with the customers who
  became ones in it; of periods that the data does not cover whole, complete is false
columns:
  period: day
  acquisition: text
  customers: customers
  complete: flag
---*/
with
members as (
    select
        chosen_slices.slice,
        calendar.period,
        coalesce(customers.acquisition, 'unknown') as acquisition,
        count(*) as customers
    from customer_starts
    inner join chosen_slices on customer_starts.slice_id = chosen_slices.slice_id
    inner join customers on customer_starts.customer_id = customers.customer_id
    inner join calendar on customer_starts.started_on = calendar.day
    where calendar.grain = $grain
    group by chosen_slices.slice, calendar.period, coalesce(customers.acquisition, 'unknown')
),

ways as (
    select distinct
        slice,
        acquisition
    from members
)

select
    ways.slice,
    periods.period,
    ways.acquisition,
    coalesce(members.customers, 0) as customers,
    periods.period >= data_days.first_day and periods.ends_on <= data_days.last_day as complete
from periods
cross join ways
cross join data_days
left join members
    on periods.period = members.period and ways.slice = members.slice and ways.acquisition = members.acquisition
where periods.grain = $grain and periods.ends_on >= $first and periods.period <= $last
order by ways.slice, periods.period, ways.acquisition
