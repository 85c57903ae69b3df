-- one row per order; canceled and unavailable ones are no turnover
with payments as (
    select
        order_id,
        sum(cast(payment_value as decimal(18, 2))) as amount
    from source.payments
    group by order_id
),

shop_customers as (
    select customer_id, customer_unique_id from source.shop_customers
)

select
    shop_orders.order_id,
    shop_customers.customer_unique_id as customer_id,
    shop_orders.order_purchase_timestamp as ordered_at,
    coalesce(payments.amount, 0) as amount,
    case
        when shop_orders.order_status in ('canceled', 'unavailable') then 'the order was ' || shop_orders.order_status
    end as reject_reason,
    shop_orders._file,
    shop_orders._line
from source.shop_orders as shop_orders
left join shop_customers on shop_orders.customer_id = shop_customers.customer_id
left join payments on shop_orders.order_id = payments.order_id
