-- Most revenue of the last 90 days is from customers with a score; else shares of revenue by score say little
-- severity: warning
select
    cast(sum(daily.scored_revenue) as decimal(18, 2)) as scored_revenue,
    cast(sum(daily.revenue) as decimal(18, 2)) as revenue
from daily
cross join data_days
cross join (select count(*) as answers from scored_responses) as scored
where daily.day > data_days.last_day - 90 and scored.answers > 0
having sum(daily.scored_revenue) < 0.5 * sum(daily.revenue)
