/*---
title: Stickiness
customer_benefit: "The product fits the rhythm of its customers: whoever uses it uses it often."
company_value: A habit is hard to copy; sticky customers are cheaper to keep than new ones are to win.
value: daily_average(active_customers) / last(active_28d)
unit: percent
better: up
needs: [activity]
judged: sprint
carries_over: true
full_after: 28
range: [0, 1]
group: customer
when_high: Customers come back more often than usual
when_low: Customers come back less often than usual
owner: Product leadership
decision: When daily use rises but stickiness falls, growth is bought and not kept; first use comes before more
  sign-ups.
description: "Daily active users as a share of the customers active in the last 28 days: 30 % means that an active
  customer comes by on nine days in thirty."
---*/
select * from daily
