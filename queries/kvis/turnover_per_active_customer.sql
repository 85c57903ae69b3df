/*---
title: Turnover per active customer
customer_benefit: Customers find more of what they need with us, and pay for it gladly.
company_value: Growth from customers already won, without the cost of winning them.
value: sum(revenue_of_customers) / last(active_28d)
unit: currency
better: up
needs: [orders.customer_id, activity]
judged: sprint
full_after: 28
group: company
when_high: Active customers spend more than usual
when_low: Active customers spend less than usual
owner: Commerce
decision: "If it rises while satisfaction falls, prices outrun value: review the last price change first."
description: Revenue of the period, without that of guests, for each customer active in the 28 days that end on its last
  day.
---*/
select * from daily
