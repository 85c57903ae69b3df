-- one row per customer, grain (month, quarter of the company's year) and period with orders or refunds. is_first: the
-- period of the first purchase, unless they signed up before the orders of customers begin; is_last: nobody has a later
with
order_months as (
    select
        scored_orders.customer_id,
        scored_orders.slice_id,
        cast(date_trunc('month', scored_orders.day) as date) as month,
        count(*) filter (where scored_orders.is_purchase) as orders,
        sum(scored_orders.amount) as revenue
    from scored_orders
    group by scored_orders.customer_id, scored_orders.slice_id, cast(date_trunc('month', scored_orders.day) as date)
),

quartered as (
    select
        order_months.*,
        cast(
            case (settings.quarter_starts_in - 1) % 3
                when 0 then date_trunc('quarter', order_months.month)
                when 1 then date_trunc('quarter', order_months.month - interval 1 month) + interval 1 month
                else date_trunc('quarter', order_months.month - interval 2 month) + interval 2 month
            end as date
        ) as quarter_start
    from order_months
    cross join settings
),

periods as (
    select
        customer_id,
        slice_id,
        'month' as grain,
        month as period,
        cast(month + interval 1 month as date) as next_period,
        orders,
        revenue
    from order_months
    union all
    select
        customer_id,
        slice_id,
        'quarter' as grain,
        quarter_start as period,
        cast(quarter_start + interval 3 month as date) as next_period,
        sum(orders) as orders,
        sum(revenue) as revenue
    from quartered
    group by customer_id, slice_id, quarter_start
),

order_days as (
    select
        min(day) filter (where customer_id is not null) as first_day,
        max(day) as last_day
    from orders
)

select
    periods.customer_id,
    periods.slice_id,
    periods.grain,
    periods.period,
    periods.next_period,
    cast(periods.orders as bigint) as orders,
    periods.revenue,
    coalesce(
        coalesce(customers.signed_up_on >= order_days.first_day, true)
        and customer_orders.first_order_on >= periods.period
        and customer_orders.first_order_on < periods.next_period,
        false
    ) as is_first,
    periods.next_period > order_days.last_day as is_last
from periods
cross join order_days
inner join customers on periods.customer_id = customers.customer_id
inner join customer_orders on periods.customer_id = customer_orders.customer_id
