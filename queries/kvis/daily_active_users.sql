/*---
title: Daily active users
customer_benefit: Customers get something out of the product so often that it is part of their day.
company_value: People who come every day stay, buy more and tell others; a fall shows here months before it shows in
  turnover.
value: daily_average(active_customers)
unit: customers
better: up
needs: [activity]
judged: sprint
carries_over: true
range: [0, null]
group: customer
when_high: More customers use the product daily than usual
when_low: Fewer customers use the product daily than usual
owner: Product leadership
decision: Unusually low makes the next sprint goal about the step where customers drop out; unusually high, we name
  the change that caused it.
description: Customers active on a day, averaged over the days of the period. Whoever comes twice on one day counts
  once.
source: P. Koning, Agile Leadership Toolkit, 2019
---*/
select * from daily
