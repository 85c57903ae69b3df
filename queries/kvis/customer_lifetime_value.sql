/*---
title: Customer lifetime value
customer_benefit: Customers stay with us for years because it keeps being worth it.
company_value: "What a customer is likely to bring in all: the most that winning or keeping one may cost."
value: (last(revenue_12m) / last(customers_12m)) / (1 - last(retained_customers) / last(prior_customers))
unit: currency
better: up
needs: [orders.customer_id]
grains: [month, quarter]
judged: month
window_days: 365
range: [0, null]
group: company
when_high: A customer is worth more than usual
when_low: A customer is worth less than usual
owner: Finance
decision: No campaign may spend more per customer won than a third of this value.
description: "Revenue per buying customer of the last 12 months, times the years a customer is expected to stay: one
  over the share of last year's buyers who did not buy again this year. Assumes that this share stays as it is; no
  discounting, no costs. Customers who came during the year bring a part of a year's revenue, so
  the value reads low where many did. Needs two years of orders."
source: "After S. Gupta, D. Lehmann, Customers as Assets, Journal of Interactive Marketing, 2003: constant retention"
---*/
select * from retention_12m
