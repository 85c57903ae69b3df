/*---
title: New customers by the way they came
row: one row per period and way of coming (earned by referral or recommendation, bought, unknown) with the customers who
  became ones in it; of periods that the data does not cover whole, complete is false. Where no sign-up is known, each
  export must cover them, and those of its first 28 days may have been there before, as in the KVI new_customers; where
  it is, the list of customers must reach to their end
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

spans as (
    select min(day) as first_day
    from activity_by_day
    union all
    select min(day) as first_day
    from orders_by_day
    union all
    select min(day) as first_day
    from responses
    union all
    select min(day) as first_day
    from tickets
),

covered as (
    select
        data_days.customers_until as last_day,
        case when known.sign_ups > 0 then min(spans.first_day) else max(spans.first_day) + 28 end as first_day
    from spans
    cross join data_days
    cross join (select count(signed_up_on) as sign_ups from customers) as known
    group by known.sign_ups, data_days.customers_until
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
    periods.period >= covered.first_day and periods.ends_on <= covered.last_day as complete
from periods
cross join ways
cross join covered
left join members
    on periods.period = members.period and ways.slice = members.slice and ways.acquisition = members.acquisition
where periods.grain = $grain and periods.ends_on >= $first and periods.period <= $last
order by ways.slice, periods.period, ways.acquisition
