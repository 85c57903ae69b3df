-- one row per slice and band: what customers did after an answer of that band. Days are counted from the day after it;
-- only what is old enough for the time to be up takes part.
-- answers_90d, bought_again_90d: answers, and those followed by a purchase within 90 days
-- answers_180d, bought_new_180d: answers, and those followed within 180 days by a product new to the customer
-- complaints_90d, forgave_90d: complaints while that answer was the score, and those followed by a purchase in 90 days
-- pairs, pair_sum, pair_products, again of each: over all ordered pairs of one customer's, how many, of how many the
-- first is followed by a purchase, of how many both; and those beyond each customer's first
with
order_days as (
    select max(day) as last_day
    from orders
),

products_bought as (
    select
        scored_orders.customer_id,
        scored_orders.day,
        coalesce(order_products.product, scored_orders.product) as product
    from scored_orders
    left join order_products
        on
            scored_orders.order_id = order_products.order_id
            and order_products.product is not null
            and coalesce(order_products.amount, 0) >= 0
    where scored_orders.is_purchase
),

purchases as (
    select
        customer_id,
        day,
        product is not null
        and day = min(day) over (partition by customer_id, product) as is_new_to_customer
    from products_bought
),

moments as (
    select
        'answer' as kind,
        response_id as moment_id,
        customer_id,
        slice_id,
        band,
        day
    from scored_responses
    where customer_id is not null
    union all
    select
        'complaint' as kind,
        tickets.ticket_id as moment_id,
        tickets.customer_id,
        customers.slice_id,
        score_periods.band,
        tickets.day
    from tickets
    inner join customers on tickets.customer_id = customers.customer_id
    inner join score_periods
        on
            tickets.customer_id = score_periods.customer_id
            and tickets.day >= score_periods.valid_from
            and tickets.day < score_periods.valid_to
    where tickets.kind = 'complaint'
),

aftermaths as (
    select
        moments.slice_id,
        moments.band,
        moments.kind,
        moments.customer_id,
        moments.day + 180 <= order_days.last_day as is_180d_over,
        count(*) filter (where purchases.day <= moments.day + 90) > 0 as bought_in_90d,
        count(*) filter (where purchases.is_new_to_customer) > 0 as bought_new_in_180d
    from moments
    inner join order_days on moments.day + 90 <= order_days.last_day
    left join purchases
        on
            moments.customer_id = purchases.customer_id
            and moments.day < purchases.day
            and moments.day + 180 >= purchases.day
    group by
        moments.slice_id, moments.band, moments.kind, moments.customer_id, moments.moment_id, moments.day,
        order_days.last_day
),

by_customer as (
    select
        slice_id,
        band,
        count(*) filter (where kind = 'answer') as answers_90d,
        count(*) filter (where kind = 'answer' and bought_in_90d) as bought_again_90d,
        count(*) filter (where kind = 'answer' and is_180d_over) as answers_180d,
        count(*) filter (where kind = 'answer' and is_180d_over and bought_new_in_180d) as bought_new_180d,
        count(*) filter (where kind = 'complaint') as complaints_90d,
        count(*) filter (where kind = 'complaint' and bought_in_90d) as forgave_90d
    from aftermaths
    group by slice_id, band, customer_id
)

select
    slice_id,
    band,
    cast(sum(answers_90d) as bigint) as answers_90d,
    cast(sum(bought_again_90d) as bigint) as bought_again_90d,
    cast(sum(answers_180d) as bigint) as answers_180d,
    cast(sum(bought_new_180d) as bigint) as bought_new_180d,
    cast(sum(complaints_90d) as bigint) as complaints_90d,
    cast(sum(forgave_90d) as bigint) as forgave_90d,
    cast(sum(answers_90d * answers_90d - answers_90d) as bigint) as pairs_90d,
    cast(sum(bought_again_90d * answers_90d - bought_again_90d) as bigint) as pair_sum_90d,
    cast(sum(bought_again_90d * bought_again_90d - bought_again_90d) as bigint) as pair_products_90d,
    cast(sum(greatest(answers_90d - 1, 0)) as bigint) as again_90d,
    cast(sum(answers_180d * answers_180d - answers_180d) as bigint) as pairs_180d,
    cast(sum(bought_new_180d * answers_180d - bought_new_180d) as bigint) as pair_sum_180d,
    cast(sum(bought_new_180d * bought_new_180d - bought_new_180d) as bigint) as pair_products_180d,
    cast(sum(greatest(answers_180d - 1, 0)) as bigint) as again_180d,
    cast(sum(complaints_90d * complaints_90d - complaints_90d) as bigint) as pairs_complaints,
    cast(sum(forgave_90d * complaints_90d - forgave_90d) as bigint) as pair_sum_complaints,
    cast(sum(forgave_90d * forgave_90d - forgave_90d) as bigint) as pair_products_complaints,
    cast(sum(greatest(complaints_90d - 1, 0)) as bigint) as again_complaints
from by_customer
group by slice_id, band
order by slice_id, band
