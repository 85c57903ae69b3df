-- one row per day, slice and group of answers. group_kind 'touchpoint': answers of any survey that name one; of those
-- that count towards scores, 'product': by customers who bought in the 90 days up to the answer, each product of their
-- last order, and 'bought', without a name: each of these answers once; 'topic': by customers who complained about it
-- in the 90 days up to the answer. An answer may count under several products and topics. Only answers that count for
-- the Net Promoter Score
with
days_back as (
    select 90 as length
),

last_orders as (
    select
        scored_responses.response_id,
        scored_orders.order_id,
        scored_orders.product,
        row_number() over (
            partition by scored_responses.response_id order by scored_orders.day desc, scored_orders.order_id desc
        ) as place
    from scored_responses
    cross join days_back
    inner join scored_orders
        on
            scored_responses.customer_id = scored_orders.customer_id
            and scored_responses.day >= scored_orders.day
            and scored_responses.day - days_back.length < scored_orders.day
    where scored_orders.is_purchase and trim(scored_orders.product) <> ''
),

last_products as (
    select distinct
        last_orders.response_id,
        trim(coalesce(order_products.product, last_orders.product)) as product
    from last_orders
    left join order_products
        on
            last_orders.order_id = order_products.order_id
            and trim(order_products.product) <> ''
            and coalesce(order_products.amount, 0) >= 0
    where last_orders.place = 1
),

complained as (
    select distinct
        scored_responses.response_id,
        trim(tickets.topic) as topic
    from scored_responses
    cross join days_back
    inner join tickets
        on
            scored_responses.customer_id = tickets.customer_id
            and scored_responses.day >= tickets.day
            and scored_responses.day - days_back.length < tickets.day
    where tickets.kind = 'complaint' and trim(tickets.topic) <> ''
),

grouped as (
    select
        responses.day,
        coalesce(customers.slice_id, settings.unknown_slice_id) as slice_id,
        'touchpoint' as group_kind,
        trim(responses.touchpoint) as group_name,
        responses.score
    from responses
    left join customers on responses.customer_id = customers.customer_id
    cross join settings
    where trim(responses.touchpoint) <> '' and (responses.scale = '0-10' or settings.nps_of_any_scale)
    union all
    select
        scored_responses.day,
        scored_responses.slice_id,
        'product' as group_kind,
        last_products.product as group_name,
        scored_responses.score
    from last_products
    inner join scored_responses on last_products.response_id = scored_responses.response_id
    where scored_responses.counts_for_nps
    union all
    select
        scored_responses.day,
        scored_responses.slice_id,
        'bought' as group_kind,
        '' as group_name,
        scored_responses.score
    from last_orders
    inner join scored_responses on last_orders.response_id = scored_responses.response_id
    where last_orders.place = 1 and scored_responses.counts_for_nps
    union all
    select
        scored_responses.day,
        scored_responses.slice_id,
        'topic' as group_kind,
        complained.topic as group_name,
        scored_responses.score
    from complained
    inner join scored_responses on complained.response_id = scored_responses.response_id
    where scored_responses.counts_for_nps
)

select
    day,
    slice_id,
    group_kind,
    group_name,
    count(*) as responses,
    count(*) filter (where score >= 9) as promoters,
    count(*) filter (where score >= 7 and score < 9) as passives,
    count(*) filter (where score < 7) as detractors
from grouped
group by day, slice_id, group_kind, group_name
order by day, slice_id, group_kind, group_name
