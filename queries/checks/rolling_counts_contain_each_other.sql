-- Customers active on a day are among those of its last 7 days, and these among those of its last 28
-- severity: error
select
    day,
    slice_id,
    active_customers,
    active_7d,
    active_28d
from daily
where active_customers > active_7d or active_7d > active_28d
