/*---
title: Ordering customers
customer_benefit: More people get what they need from us.
company_value: Turnover that rests on many customers is safer than the same turnover from a few.
value: sum(customers)
unit: customers
better: up
needs: [orders.customer_id]
judged: sprint
range: [0, null]
group: company
when_high: More customers order than usual
when_low: Fewer customers order than usual
owner: Commerce
decision: "If turnover holds while fewer customers order, ask those who stopped before asking more of those who stay."
description: Different customers with at least one order in the period, each counted once however often they ordered.
  Refunds are no orders.
---*/
select * from ordering_customers
