-- one row per review of an order; a review that covers several orders is an answer for each
with shop_orders as (
    select order_id, customer_id from source.shop_orders
),

shop_customers as (
    select customer_id, customer_unique_id from source.shop_customers
)

select
    reviews.review_id || '/' || reviews.order_id as response_id,
    shop_customers.customer_unique_id as customer_id,
    reviews.review_creation_date as responded_at,
    reviews.review_score as score,
    'transactional' as survey,
    'delivery' as touchpoint,
    reviews.review_comment_message as comment,
    reviews._file,
    reviews._line
from source.reviews as reviews
left join shop_orders on reviews.order_id = shop_orders.order_id
left join shop_customers on shop_orders.customer_id = shop_customers.customer_id
