/*---
title: Which customers are worth what
row: one row per slice. The last 12 months are those up to the last day of orders, of NPS (95 % interval) up to the
  last answer's. customers became ones, were active or bought in them; revenue_12m is of them, revenue_before
  of the 12 months before where orders cover them, share its part of all slices shown, revenue_per_customer counts
  zeros. net_revenue_retention as in the KVI; expected_revenue_12m as in
  expected_value; eight_plus_share is of the revenue with a score, which scored_share is the part of; at_risk_revenue
  is the revenue_12m of customers who show a sign of leaving on the data's last day. A share that refunds take beyond
  what it can be is empty
needs: [orders.customer_id]
columns: {customers: customers, revenue_12m: currency, revenue_before: currency, share: percent,
  revenue_per_customer: currency, net_revenue_retention: percent, expected_revenue_12m: currency, eight_plus_share:
  percent, scored_share: percent, nps: score, nps_low: score, nps_high: score, responses: number, at_risk_customers:
  customers, at_risk_revenue: currency}
---*/
with
year as (
    select
        max(day) as last_day,
        greatest(
            cast(max(day) + 1 - interval 12 month as date), cast(max(day) - interval 12 month as date) + 1
        ) as first_day  -- 1 March, up to 28 Feb of a leap year
    from orders_by_day
),

year_of_answers as (
    select
        greatest(
            cast(max(day) + 1 - interval 12 month as date), cast(max(day) - interval 12 month as date) + 1
        ) as first_day
    from daily
    where nps_responses > 0
),

profiles as (
    select
        chosen_slices.slice,
        count(*) filter (
            where coalesce(customer_profile.started_on, year.first_day) <= year.last_day  -- unknown: before the data
            and greatest(
                customer_profile.started_on, customer_profile.last_active_on, customer_profile.last_order_on
            ) >= year.first_day
        ) as customers,
        sum(customer_profile.revenue_12m) as revenue,
        count(customers_at_risk.customer_id) as at_risk_customers,
        coalesce(sum(customers_at_risk.revenue_12m), 0) as at_risk_revenue,
        list(distinct customer_profile.slice_id) as slice_ids
    from customer_profile
    cross join year
    inner join chosen_slices on customer_profile.slice_id = chosen_slices.slice_id
    left join customers_at_risk on customer_profile.customer_id = customers_at_risk.customer_id
    group by chosen_slices.slice
),

retained as (
    select
        chosen_slices.slice,
        sum(retention_12m.retained_revenue) as retained_revenue,
        sum(retention_12m.prior_revenue) as prior_revenue
    from retention_12m
    inner join chosen_slices on retention_12m.slice_id = chosen_slices.slice_id
    where retention_12m.day = (select max(latest.day) from retention_12m as latest)
    group by chosen_slices.slice
),

answers as (
    select
        chosen_slices.slice,
        sum(daily.eight_plus_revenue) filter (where daily.day >= year.first_day) as eight_plus_revenue,
        sum(daily.scored_revenue) filter (where daily.day >= year.first_day) as scored_revenue,
        sum(daily.promoters) filter (where daily.day >= year_of_answers.first_day) as promoters,
        sum(daily.detractors) filter (where daily.day >= year_of_answers.first_day) as detractors,
        sum(daily.nps_responses) filter (where daily.day >= year_of_answers.first_day) as responses
    from daily
    cross join year
    cross join year_of_answers
    inner join chosen_slices on daily.slice_id = chosen_slices.slice_id
    where daily.day >= least(year.first_day, year_of_answers.first_day)
    group by chosen_slices.slice
),

told as (  -- noqa: ST03
    -- by customers who answered several times
    select
        chosen_slices.slice,
        repeated_answers.customer_number as whose,
        1 as answers,
        repeated_answers.points,
        repeated_answers.points * repeated_answers.points as squares
    from repeated_answers
    inner join chosen_slices on repeated_answers.slice_id = chosen_slices.slice_id
    cross join year_of_answers
    where
        repeated_answers.counts_towards_scores
        and repeated_answers.points is not null
        and repeated_answers.day >= year_of_answers.first_day
)

select
    profiles.slice,
    profiles.slice_ids,
    profiles.customers,
    cast(profiles.revenue as double) as revenue_12m,
    cast(retained.prior_revenue as double) as revenue_before,
    case
        when sum(profiles.revenue) over () > 0 and profiles.revenue between 0 and sum(profiles.revenue) over ()
            then cast(profiles.revenue as double) / cast(sum(profiles.revenue) over () as double)
    end as share,
    cast(profiles.revenue as double) / nullif(profiles.customers, 0) as revenue_per_customer,
    case
        when retained.prior_revenue > 0 and retained.retained_revenue >= 0
            then cast(retained.retained_revenue as double) / cast(retained.prior_revenue as double)
    end as net_revenue_retention,
    case
        when answers.scored_revenue > 0 and answers.eight_plus_revenue between 0 and answers.scored_revenue
            then cast(answers.eight_plus_revenue as double) / cast(answers.scored_revenue as double)
    end as eight_plus_share,
    case
        when profiles.revenue > 0 and answers.scored_revenue between 0 and profiles.revenue
            then cast(answers.scored_revenue as double) / cast(profiles.revenue as double)
    end as scored_share,
    cast(answers.promoters as bigint) as promoters,
    cast(answers.detractors as bigint) as detractors,
    cast(coalesce(answers.responses, 0) as bigint) as responses,
    alike.pairs,
    alike.pair_sum,
    alike.pair_products,
    alike.again,
    profiles.at_risk_customers,
    cast(profiles.at_risk_revenue as double) as at_risk_revenue
from profiles
left join retained on profiles.slice = retained.slice
left join answers on profiles.slice = answers.slice
left join pairs_among('told') as alike on profiles.slice = alike.slice
order by profiles.revenue desc, profiles.slice asc
