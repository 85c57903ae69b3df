/*---
title: Monthly active users
customer_benefit: Customers who have a reason to come back do so at least once in four weeks.
company_value: This is the customer base that is really alive, whatever the list of contracts says; all growth
  starts from it.
value: last(active_28d)
unit: customers
better: up
needs: [activity]
judged: sprint
window_days: 28
range: [0, null]
group: customer
when_high: More customers use the product within four weeks than usual
when_low: Fewer customers use the product within four weeks than usual
owner: Product leadership
decision: Unusually low starts calls with twenty customers who stopped coming, before any campaign for new ones.
description: Different customers active in the 28 days that end on the period's last day. Four whole weeks, so that
  months of 28 and 31 days compare.
source: P. Koning, Agile Leadership Toolkit, 2019
---*/
select * from daily
