-- No customer ordered before the day they signed up
-- severity: warning
select
    orders.order_id,
    orders.customer_id,
    orders.day,
    customers.signed_up_on
from orders
inner join customers on orders.customer_id = customers.customer_id
where orders.day < customers.signed_up_on
