/*---
title: Repurchase within 90 days
customer_benefit: Customers liked what they bought well enough to come back soon.
company_value: A second order costs a fraction of the first; a point here often beats a campaign.
value: sum(orders_followed_90d) / sum(orders_of_customers)
unit: percent
better: up
needs: [orders.customer_id]
judged: sprint
complete_after: 90
range: [0, 1]
group: customer
when_high: More customers buy again than usual
when_low: Fewer customers buy again than usual
owner: Commerce
decision: "Unusually low: compare what first-time buyers got in that period with what they were promised."
description: Of the orders of the period, the share that the same customer followed with another order on a later day
  within 90 days. Known 90 days later; refunds are no orders, and those of guests are left out.
---*/
select * from daily
