-- one row per customer, by their rank: the largest revenue at risk first, then the largest revenue of the last 12
-- months; with what a list of customers is filtered by, so that its first rows are found without reading the others.
-- signs: of customers_at_risk, none of those who are lost; joined_in: the first day of the month
select
    row_number() over (
        order by
            coalesce(customers_at_risk.revenue_12m, 0) desc,
            customer_profile.revenue_12m desc,
            customer_profile.customer_id asc
    ) as risk_rank,
    customer_profile.customer_id,
    customer_profile.slice_id,
    date_trunc('month', customer_profile.started_on) as joined_in,
    customer_profile.lifecycle,
    customer_profile.value_tier,
    customer_profile.band,
    coalesce(customers_at_risk.is_quiet, false) as is_quiet,
    coalesce(customers_at_risk.use_halved, false) as use_halved,
    coalesce(customers_at_risk.score_fell, false) as score_fell,
    coalesce(customers_at_risk.complaint_open, false) as complaint_open
from customer_profile
left join customers_at_risk on customer_profile.customer_id = customers_at_risk.customer_id
order by risk_rank
