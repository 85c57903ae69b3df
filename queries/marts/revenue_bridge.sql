-- one row per month and slice with revenue that month or the month before: what moved revenue from the month before
-- (opening) to this one (closing). Each customer's change stands in one column, never negative: `new` in their first
-- month with a purchase, `reactivated` after a month without revenue, `expansion` for any other rise; `lost` where no
-- revenue is left, `contraction` for any other fall. So a month of nothing but refunds is a fall, not a new customer.
-- closing = opening + new + expansion + reactivated - contraction - lost. The last month may still be incomplete.
with
last_months as (
    select max(month) as last_month
    from customer_months
),

neighbours as (
    select
        customer_id,
        slice_id,
        month,
        cast(0 as decimal(18, 2)) as revenue_before,
        revenue as revenue_now
    from customer_months
    union all
    select
        customer_months.customer_id,
        customer_months.slice_id,
        cast(customer_months.month + interval 1 month as date) as month,
        customer_months.revenue as revenue_before,
        cast(0 as decimal(18, 2)) as revenue_now
    from customer_months
    inner join last_months on customer_months.month < last_months.last_month
),

changes as (
    select
        neighbours.slice_id,
        neighbours.month,
        sum(neighbours.revenue_before) as revenue_before,
        sum(neighbours.revenue_now) as revenue_now,
        sum(neighbours.revenue_now) - sum(neighbours.revenue_before) as difference,
        max(customer_orders.first_order_on) as first_order_on
    from neighbours
    inner join customer_orders on neighbours.customer_id = customer_orders.customer_id
    group by neighbours.customer_id, neighbours.slice_id, neighbours.month
),

kinds as (
    select
        slice_id,
        month,
        revenue_before,
        revenue_now,
        difference,
        case
            when difference > 0 and cast(date_trunc('month', first_order_on) as date) = month then 'new'
            when difference > 0 and revenue_before <= 0 and revenue_now > 0 then 'reactivated'
            when difference > 0 then 'expansion'
            when difference < 0 and revenue_before > 0 and revenue_now <= 0 then 'lost'
            when difference < 0 then 'contraction'
        end as kind
    from changes
)

select
    month,
    slice_id,
    cast(sum(revenue_before) as decimal(18, 2)) as opening,
    cast(coalesce(sum(difference) filter (where kind = 'new'), 0) as decimal(18, 2)) as new,
    cast(coalesce(sum(difference) filter (where kind = 'expansion'), 0) as decimal(18, 2)) as expansion,
    cast(coalesce(-sum(difference) filter (where kind = 'contraction'), 0) as decimal(18, 2)) as contraction,
    cast(coalesce(-sum(difference) filter (where kind = 'lost'), 0) as decimal(18, 2)) as lost,
    cast(coalesce(sum(difference) filter (where kind = 'reactivated'), 0) as decimal(18, 2)) as reactivated,
    cast(sum(revenue_now) as decimal(18, 2)) as closing
from kinds
group by month, slice_id
order by month, slice_id
