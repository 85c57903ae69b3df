/*---
title: Customer satisfaction
customer_benefit: Customers get what they came for and say so.
company_value: Very satisfied customers stay; merely content ones leave for the first better offer.
value: sum(very_satisfied) / sum(responses)
unit: percent
better: up
needs: [responses]
judged: sprint
interval: share(very_satisfied, responses)
range: [0, 1]
group: customer
when_high: More customers are satisfied than usual
when_low: Fewer customers are satisfied than usual
owner: Customer insight
decision: "Unusually low in one slice: its team owns finding the cause before the next review."
description: Share of the answers that give 8 of 10 (4 of 5) or more. Counts the answers of the survey that sets
  customers' scores.
source: P. Koning, Agile Leadership Toolkit, 2019
---*/
select * from daily
