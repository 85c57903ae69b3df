/*---
title: Share of turnover from very satisfied customers (8+)
customer_benefit: Most of the money customers pay us is paid gladly.
company_value: It tells healthy growth from growth on borrowed goodwill, whatever the season.
value: sum(eight_plus_revenue) / sum(scored_revenue)
unit: percent
better: up
needs: [orders.customer_id, responses.customer_id]
judged: sprint
complete_after: answer_counts_back_days
range: [0, 1]
coverage: scored_revenue_coverage
group: customer
when_high: More turnover than usual comes from very satisfied customers
when_low: Less turnover than usual comes from very satisfied customers
owner: Managing board
decision: Unusually low in one segment goes to the top of that segment's sprint review, with its comments read aloud.
description: Of the revenue from customers with a known score, the share from those who scored 8 or higher on the
  day of the order.
source: P. Koning, Agile Leadership Toolkit, 2019
---*/
select * from daily
