/*---
title: New customers by the way they came
row: one row per period and way of coming (earned by referral or recommendation, bought, unknown) with the customers who
  became ones in it; of periods that the data does not cover whole, complete is false. Where no sign-up is known, the
  exports that customers begin in must cover them, and those of their first 28 days may have been there before, as in
  the KVI new_customers; where it is, the list of customers must reach to their end
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

covered as (
    select
        data_days.customers_until as last_day,
        case when known.sign_ups > 0 then data_days.first_day else begun.known_from end as first_day
    from data_days
    cross join (select max(known_from) as known_from from starting_exports) as begun
    cross join (select count(signed_up_on) as sign_ups from customers) as known
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
