/*---
title: Complaints per 1,000 customers
customer_benefit: Fewer customers meet a problem that is bad enough to complain about.
company_value: Each complaint costs service time and trust; the rate shows quality whatever the number of customers.
value: 1000 * sum(complaints) / last(active_28d)
unit: per_1000
better: down
needs: [tickets.kind, activity]
judged: sprint
full_after: 28
range: [0, null]
group: customer
when_high: Customers complain more than usual
when_low: Customers complain less than usual
owner: Customer service
decision: Unusually high stops new work on the topic that leads the list until its cause is fixed; anything less is
  left alone.
description: Complaints opened in the period for every 1,000 customers active in the 28 days that end on its last
  day. Questions do not count.
source: P. Koning, Agile Leadership Toolkit, 2019
---*/
select * from daily
