/*---
title: Turnover
customer_benefit: Customers find what they need with us and think it worth its price.
company_value: What customers paid for in all. It says how much, not whether they will come again.
value: sum(revenue)
unit: currency
better: up
needs: [orders]
judged: sprint
group: company
when_high: Customers buy for more than usual
when_low: Customers buy for less than usual
owner: Managing board
decision: "Unusually high or low: orders, ordering customers and average order say which of them moved, and only then
  is anything decided."
description: Revenue of all orders of the period, refunds taken off on the day they were made. A companion of the KVIs
  that say whether customers are happy with what they paid for.
---*/
select * from daily
