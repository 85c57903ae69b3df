/*---
title: Earned growth
customer_benefit: Customers come back with more, and bring their friends.
company_value: The part of growth that nobody had to buy with advertising or discounts.
value: (last(retained_revenue) + last(earned_revenue) - last(prior_revenue)) / last(prior_revenue)
unit: percent
better: up
needs: [orders.customer_id, customers.acquisition]
grains: [month, quarter]
judged: month
window_days: 365
range: [-1, null]
group: company
when_high: Customers who stay or were sent by others bring more growth than usual
when_low: Customers who stay or were sent by others bring less growth than usual
owner: Managing board
decision: When growth is positive and earned growth is not, the marketing budget is reviewed before it is renewed.
description: Net revenue retention plus the revenue of new customers who came by referral or recommendation, as a
  share of the revenue of the 12 months before, less 100 %. New customers of whom nobody knows how they came count as
  not recommended.
source: F. Reichheld, D. Darnell, M. Burns, Net Promoter 3.0, Harvard Business Review, November 2021
---*/
select * from retention_12m
