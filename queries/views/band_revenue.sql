/*---
title: What customers of each band spent, by what they spent before
row: one row per basis, value tier and band; revenue per customer in the last 12 complete months of orders
needs: [orders.customer_id, responses]
columns:
  basis: text
  value_tier: text
  band: text
  customers: customers
  revenue_per_customer: currency
  low: currency
  high: currency
interval: mean(total, squares, customers)
---*/
select
    chosen_slices.slice,
    band_revenue.basis,
    band_revenue.value_tier,
    band_revenue.band,
    count(*) as customers,
    sum(band_revenue.revenue) as total,
    sum(cast(band_revenue.revenue as double) ** 2) as squares,
    avg(band_revenue.revenue) as revenue_per_customer
from band_revenue
inner join chosen_slices on band_revenue.slice_id = chosen_slices.slice_id
group by chosen_slices.slice, band_revenue.basis, band_revenue.value_tier, band_revenue.band
order by
    chosen_slices.slice,
    band_revenue.basis,
    array_position(['top 10 %', 'next 40 %', 'rest', 'no revenue'], band_revenue.value_tier),
    array_position(['promoter', 'passive', 'detractor'], band_revenue.band)
