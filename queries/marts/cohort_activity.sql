-- one row per cohort (the month its customers became ones), slice and month: how many of the cohort's customers were
-- active that month. Later activity only adds to these counts
select
    cast(date_trunc('month', customer_starts.started_on) as date) as cohort_month,
    customer_starts.slice_id,
    cast(date_trunc('month', customer_days.day) as date) as month,
    count(*) as active
from customer_days
inner join customer_starts on customer_days.customer_id = customer_starts.customer_id
where
    customer_starts.started_on is not null
    -- the first active day of a month is the one that no other day of the month comes before
    and coalesce(customer_days.days_since_active, 31) >= extract(day from customer_days.day)
group by
    cast(date_trunc('month', customer_starts.started_on) as date),
    customer_starts.slice_id,
    cast(date_trunc('month', customer_days.day) as date)
