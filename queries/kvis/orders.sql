/*---
title: Orders
customer_benefit: Customers choose us when they need something.
company_value: How often customers buy, whatever they pay each time.
value: sum(orders)
unit: number
better: up
needs: [orders]
judged: sprint
range: [0, null]
group: company
when_high: Customers place more orders than usual
when_low: Customers place fewer orders than usual
owner: Commerce
decision: "If orders rise while average order falls, look whether discounts only cut purchases into smaller ones."
description: Orders of the period. The lines of an order are one order; refunds are none.
---*/
select * from daily
