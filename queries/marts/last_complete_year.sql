-- one row per span of the last 12 complete months of orders and the 12 months before: none where those of customers do
-- not cover 12 complete months. Days up to, not including, ends_before; the months before may be covered in part.
with
order_days as (
    select
        min(day) filter (where customer_id is not null) as first_day,
        cast(date_trunc('month', max(day) + 1) as date) as ends_before
    from orders
)

select
    ends_before,
    cast(ends_before - interval 12 month as date) as starts_on,
    cast(ends_before - interval 24 month as date) as before_from,
    first_day <= cast(ends_before - interval 24 month as date) as is_before_covered
from order_days
where first_day <= cast(ends_before - interval 12 month as date)
