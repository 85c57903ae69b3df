-- one row per customer who was ever active: first and last active day, and active days among the last 28 that activity
-- covers and among the 28 before
select
    customer_days.customer_id,
    min(customer_days.day) as first_active_on,
    max(customer_days.day) as last_active_on,
    count(*) filter (where customer_days.day > data_days.active_until - 28) as active_days_28,
    count(*) filter (
        where customer_days.day > data_days.active_until - 56 and customer_days.day <= data_days.active_until - 28
    ) as active_days_28_before
from customer_days
cross join data_days
group by customer_days.customer_id
