/*---
title: Average order
customer_benefit: Customers trust us with more of what they need at a time.
company_value: More turnover for the cost of serving one order.
value: sum(revenue) / sum(orders)
unit: currency
better: up
needs: [orders]
judged: sprint
group: company
when_high: Customers spend more per order than usual
when_low: Customers spend less per order than usual
owner: Commerce
decision: "If it rises while fewer customers order, small customers are leaving: look at them before celebrating."
description: Revenue of the period, refunds taken off, for each of its orders.
---*/
select * from daily
