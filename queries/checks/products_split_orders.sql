-- Amounts of the products of an order add up to the order's
-- severity: error
select
    orders.order_id,
    orders.amount,
    sum(order_products.amount) as amount_of_products
from orders
inner join order_products on orders.order_id = order_products.order_id
group by orders.order_id, orders.amount
having sum(order_products.amount) <> orders.amount
