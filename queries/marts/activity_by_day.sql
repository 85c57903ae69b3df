-- one row per day and slice with activity: how many customers were active, and how many of them that day opened or
-- used up a stretch of activity. A stretch of 7 days opens on a day with no activity in the 6 days before, and ends
-- 7 days after a day with none in the 6 days behind it; so opened minus ended counts each customer once (28: alike).
select
    customer_days.day,
    customers.slice_id,
    count(*) as active_customers,
    sum(customer_days.minutes) as active_minutes,
    count(*) filter (where coalesce(customer_days.days_since_active, 7) >= 7) as opened_7d,
    count(*) filter (where coalesce(customer_days.days_to_next_active, 7) >= 7) as ending_7d,
    count(*) filter (where coalesce(customer_days.days_since_active, 28) >= 28) as opened_28d,
    count(*) filter (where coalesce(customer_days.days_to_next_active, 28) >= 28) as ending_28d
from customer_days
inner join customers on customer_days.customer_id = customers.customer_id
group by customer_days.day, customers.slice_id
