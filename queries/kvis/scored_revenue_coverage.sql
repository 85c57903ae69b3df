/*---
title: Scored revenue coverage
customer_benefit: Customers are asked how we are doing, and feel that it is worth answering.
company_value: We know what most of our turnover thinks of us; below half, shares by score say little.
value: sum(scored_revenue) / sum(revenue)
unit: percent
better: up
needs: [orders.customer_id, responses.customer_id]
judged: sprint
judged_after: valid_days
carries_over: true
complete_after: answer_counts_back_days
range: [0, 1]
group: company
when_high: We know the score behind more of our revenue than usual
when_low: We know the score behind less of our revenue than usual
owner: Customer insight
decision: Below 50 %, asking more customers comes before acting on their scores.
description: Share of the revenue for which the customer's score on the day of the order is known and still valid.
---*/
select * from daily
