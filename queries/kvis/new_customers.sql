/*---
title: New customers
customer_benefit: More people get the benefit that we exist for.
company_value: New customers replace those who leave and carry tomorrow's turnover, if they stay.
value: sum(new_customers)
unit: customers
better: up
needs: [customers]
judged: sprint
range: [0, null]
group: company
when_high: More people become customers than usual
when_low: Fewer people become customers than usual
owner: Marketing
decision: Unusually high counts as success only if the newcomers' first answers and second orders hold.
description: Customers by the day they signed up; where that is not known, by the first day they did anything. Without
  signed_up_on in the customers export, periods are complete only as far as every other export reaches, and whoever is
  first seen in the first 28 days of an export is not counted, because they may have been there before.
---*/
select * from daily
