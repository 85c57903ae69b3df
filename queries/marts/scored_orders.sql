-- one row per order, with the score its customer held on the order's day ('unscored' where there was none) and the
-- days until the customer's next purchase. A refund (amount below zero) takes from revenue but is no purchase: it
-- neither follows an order nor is followed by one. Purchases of one day are one visit: what follows is a later day's.
-- product: the first that a line of the order names; those of an order with several are in order_products.
with
purchases_and_refunds as (
    select
        order_id,
        customer_id,
        day,
        amount,
        product,
        amount >= 0 as is_purchase,
        first_value(day) over (
            partition by customer_id, amount >= 0
            order by day range between interval 1 day following and unbounded following
        ) as next_day
    from orders
)

select
    purchases_and_refunds.order_id,
    purchases_and_refunds.customer_id,
    customers.slice_id,
    purchases_and_refunds.day,
    purchases_and_refunds.amount,
    purchases_and_refunds.product,
    purchases_and_refunds.is_purchase,
    score_periods.score,
    coalesce(score_periods.band, 'unscored') as band,
    case
        when purchases_and_refunds.is_purchase
            then date_diff('day', purchases_and_refunds.day, purchases_and_refunds.next_day)
    end as days_to_next_order
from purchases_and_refunds
inner join customers on purchases_and_refunds.customer_id = customers.customer_id
left join score_periods
    on
        purchases_and_refunds.customer_id = score_periods.customer_id
        and purchases_and_refunds.day >= score_periods.valid_from
        and purchases_and_refunds.day < score_periods.valid_to
