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

months_before as (
    select
        customer_months.customer_id,
        customer_months.slice_id,
        cast(customer_months.month + interval 1 month as date) as month,
        customer_months.revenue
    from customer_months
    inner join last_months on customer_months.month < last_months.last_month
),

changes as (
    select
        coalesce(customer_months.customer_id, months_before.customer_id) as customer_id,
        coalesce(customer_months.slice_id, months_before.slice_id) as slice_id,
        coalesce(customer_months.month, months_before.month) as month,
        coalesce(months_before.revenue, 0) as revenue_before,
        coalesce(customer_months.revenue, 0) as revenue_now,
        coalesce(customer_months.revenue, 0) - coalesce(months_before.revenue, 0) as difference
    from customer_months
    full outer join months_before
        on customer_months.customer_id = months_before.customer_id and customer_months.month = months_before.month
),

first_months as (
    select
        customer_id,
        min(month) filter (where orders > 0) as month
    from customer_months
    group by customer_id
),

kinds as (
    select
        changes.slice_id,
        changes.month,
        changes.revenue_before,
        changes.revenue_now,
        changes.difference,
        case
            when changes.difference > 0 and first_months.month = changes.month then 'new'
            when changes.difference > 0 and changes.revenue_before <= 0 and changes.revenue_now > 0 then 'reactivated'
            when changes.difference > 0 then 'expansion'
            when changes.difference < 0 and changes.revenue_before > 0 and changes.revenue_now <= 0 then 'lost'
            when changes.difference < 0 then 'contraction'
        end as kind
    from changes
    inner join first_months on changes.customer_id = first_months.customer_id
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
