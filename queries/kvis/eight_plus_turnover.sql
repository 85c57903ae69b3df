/*---
title: Turnover from very satisfied customers (8+)
customer_benefit: Customers who spend money with us are truly satisfied and give us an 8 or more.
company_value: Turnover from happy customers returns by itself; other turnover has to be won again and again.
value: sum(eight_plus_revenue)
unit: currency
better: up
needs: [orders.customer_id, responses.customer_id]
judged: sprint
judged_after: valid_days
complete_after: answer_counts_back_days
coverage: scored_revenue_coverage
group: company
when_high: Very satisfied customers buy more than usual
when_low: Very satisfied customers buy less than usual
owner: Managing board
decision: If turnover grows and that of very satisfied customers does not, the next quarter's goals go to customers
  scoring 7 before any to reach.
description: Revenue from customers whose score on the day of the order was 8 or higher. Customers never asked, or
  asked too long ago, do not count, so read it with the coverage beside it.
source: P. Koning, Agile Leadership Toolkit, 2019
---*/
select * from daily
