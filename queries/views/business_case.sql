/*---
title: What one more promoter would be worth
row: one row per lift; a year's gain per lifted customer with its 90 % interval, from the last 12 complete months
needs: [orders.customer_id, responses]
parameters:
  most_resampled: 20000
columns:
  lift: text
  basis: text
  customers: customers
  gain_per_customer: currency
  low: currency
  high: currency
  method: text
  left_out: text
  first_day: day
  last_day: day
  before_covered: flag
---*/
select
    chosen_slices.slice,
    band_revenue.basis,
    band_revenue.band,
    band_revenue.value_tier,
    count(*) as customers,
    cast(avg(band_revenue.revenue) as double) as mean,
    coalesce(cast(var_samp(band_revenue.revenue) as double), 0) as variance,
    case when count(*) <= $most_resampled then list(cast(band_revenue.revenue as double)) end as revenues,
    any_value(last_complete_year.starts_on) as first_day,
    any_value(last_complete_year.ends_before) - 1 as last_day,
    any_value(last_complete_year.is_before_covered) as before_covered
from band_revenue
cross join last_complete_year
inner join chosen_slices on band_revenue.slice_id = chosen_slices.slice_id
group by chosen_slices.slice, band_revenue.basis, band_revenue.band, band_revenue.value_tier
order by chosen_slices.slice, band_revenue.basis, band_revenue.band, band_revenue.value_tier
