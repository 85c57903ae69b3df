/*---
title: Net revenue retention
customer_benefit: Customers who are with us find more reasons to stay and to buy.
company_value: Above 100 % the company grows even without a single new customer.
value: last(retained_revenue) / last(prior_revenue)
unit: percent
better: up
needs: [orders.customer_id]
grains: [month, quarter]
judged: month
window_days: 365
range: [0, null]
group: company
when_high: Existing customers spend more than usual
when_low: Existing customers spend less than usual
owner: Managing board
decision: "Below 100 % two quarters in a row: budget moves from winning customers to keeping them."
description: Revenue of the last 12 months from the customers of the 12 months before, as a share of their revenue
  then. Needs two years of orders.
source: F. Reichheld, D. Darnell, M. Burns, Net Promoter 3.0, Harvard Business Review, November 2021
---*/
select * from retention_12m
