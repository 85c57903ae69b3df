-- one row per person, who has a customer number per order; they live where their latest order went
with shop_orders as (
    select order_id, customer_id, order_purchase_timestamp from source.shop_orders
),

shop_customers as (
    select customer_id, customer_unique_id, customer_state from source.shop_customers
),

ranked as (
    select
        shop_customers.customer_unique_id as customer_id,
        shop_customers.customer_state as state,
        row_number() over (
            partition by shop_customers.customer_unique_id
            order by shop_orders.order_purchase_timestamp desc, shop_orders.order_id desc
        ) as recency
    from shop_orders
    inner join shop_customers on shop_orders.customer_id = shop_customers.customer_id
)

select
    customer_id,
    state
from ranked
where recency = 1
