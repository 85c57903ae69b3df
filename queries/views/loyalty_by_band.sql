/*---
title: What promoters, passives and detractors did next
row: one row per question and band, with its difference from passives (95 % interval after Newcombe 1998)
needs: [orders.customer_id, responses]
columns:
  question: text
  band: text
  "yes": number
  n: number
  share: percent
  low: percent
  high: percent
  against_passives: percent
  against_low: percent
  against_high: percent
interval: share(yes, n)
---*/
with
orders_named as (
    select count(product) as products from scored_orders
),

counts as (
    select
        chosen_slices.slice,
        1 as place,
        'bought again within 90 days' as question,
        loyalty_by_band.band,
        cast(sum(loyalty_by_band.bought_again_90d) as bigint) as yes,
        cast(sum(loyalty_by_band.answers_90d) as bigint) as n,
        sum(loyalty_by_band.pairs_90d) as pairs,
        sum(loyalty_by_band.pair_sum_90d) as pair_sum,
        sum(loyalty_by_band.pair_products_90d) as pair_products,
        sum(loyalty_by_band.again_90d) as again
    from loyalty_by_band
    inner join chosen_slices on loyalty_by_band.slice_id = chosen_slices.slice_id
    group by chosen_slices.slice, loyalty_by_band.band
    union all
    select
        chosen_slices.slice,
        2 as place,
        'bought a product new to them within 180 days' as question,
        loyalty_by_band.band,
        cast(sum(loyalty_by_band.bought_new_180d) as bigint) as yes,
        cast(sum(loyalty_by_band.answers_180d) as bigint) as n,
        sum(loyalty_by_band.pairs_180d) as pairs,
        sum(loyalty_by_band.pair_sum_180d) as pair_sum,
        sum(loyalty_by_band.pair_products_180d) as pair_products,
        sum(loyalty_by_band.again_180d) as again
    from loyalty_by_band
    inner join chosen_slices on loyalty_by_band.slice_id = chosen_slices.slice_id
    inner join orders_named on orders_named.products > 0
    group by chosen_slices.slice, loyalty_by_band.band
    union all
    select
        chosen_slices.slice,
        3 as place,
        'bought again within 90 days of a complaint' as question,
        loyalty_by_band.band,
        cast(sum(loyalty_by_band.forgave_90d) as bigint) as yes,
        cast(sum(loyalty_by_band.complaints_90d) as bigint) as n,
        sum(loyalty_by_band.pairs_complaints) as pairs,
        sum(loyalty_by_band.pair_sum_complaints) as pair_sum,
        sum(loyalty_by_band.pair_products_complaints) as pair_products,
        sum(loyalty_by_band.again_complaints) as again
    from loyalty_by_band
    inner join chosen_slices on loyalty_by_band.slice_id = chosen_slices.slice_id
    group by chosen_slices.slice, loyalty_by_band.band
    union all
    select
        chosen_slices.slice,
        4 as place,
        'came by referral or recommendation' as question,
        customer_profile.band,
        count(*) filter (where customer_profile.acquisition = 'earned') as yes,
        count(*) as n,
        0 as pairs,
        0 as pair_sum,
        0 as pair_products,
        0 as again
    from customer_profile
    inner join chosen_slices on customer_profile.slice_id = chosen_slices.slice_id
    where customer_profile.band <> 'unscored' and customer_profile.acquisition in ('earned', 'bought')
    group by chosen_slices.slice, customer_profile.band
)

select
    slice,
    question,
    band,
    yes,
    n,
    yes / nullif(n, 0) as share,
    pairs,
    pair_sum,
    pair_products,
    again
from counts
where n > 0
order by slice, place, array_position(['promoter', 'passive', 'detractor'], band)
