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
description: Customers by the day they signed up; where that is not known, by their first day of activity or of a
  purchase, in whichever of these exports reaches back farthest (in both where they begin within 28 days; in answers and
  tickets where there is neither). Whoever is first seen in its first 28 days is not counted, because they may have been
  there before.
---*/
select * from daily
