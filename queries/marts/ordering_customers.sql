-- one row per first day of a period (a day, week, sprint, month or quarter), day in it and slice: how many customers
-- bought on that day for the first time in the period. So the days of a period add up to its customers, each counted
-- once however often they bought, and its first days to the customers until then. order_periods says which periods
-- there are: those of the calendar that the version was made with, sprints of every team among them.
with
purchase_days as (
    select
        customer_order_days.day,
        customers.slice_id,
        lag(customer_order_days.day) over (
            partition by customer_order_days.customer_id
            order by customer_order_days.day
        ) as day_before
    from customer_order_days
    inner join customers on customer_order_days.customer_id = customers.customer_id
    where customer_order_days.is_purchase
)

select
    order_periods.period_from,
    purchase_days.day,
    purchase_days.slice_id,
    count(*) as customers
from purchase_days
inner join order_periods on purchase_days.day = order_periods.day
where coalesce(purchase_days.day_before < order_periods.period_from, true)
group by order_periods.period_from, purchase_days.day, purchase_days.slice_id
order by order_periods.period_from, purchase_days.day, purchase_days.slice_id
