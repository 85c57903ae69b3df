-- In each month, at least half of the revenue comes from customers with a score; below that, shares by score say little
-- severity: warning
select
    cast(date_trunc('month', day) as date) as month,
    sum(scored_revenue) as scored_revenue,
    sum(revenue) as revenue
from daily
cross join (select count(*) as answers from scored_responses) as scored
where scored.answers > 0
group by cast(date_trunc('month', day) as date)
having sum(scored_revenue) < 0.5 * sum(revenue)
order by month
