/*---
title: Promoter revenue share
customer_benefit: Customers are so happy with us that they recommend us.
company_value: Promoters buy again and bring others; their turnover is earned, not bought.
value: sum(promoter_revenue) / sum(scored_revenue)
unit: percent
better: up
needs: [orders.customer_id, responses.customer_id]
judged: sprint
complete_after: answer_counts_back_days
range: [0, 1]
coverage: scored_revenue_coverage
group: customer
when_high: More turnover than usual comes from customers who recommend us
when_low: Less turnover than usual comes from customers who recommend us
owner: Product leadership
decision: Unusually low twice in a row puts retention first on the next sprint's agenda.
description: "Of the revenue from customers with a known score, the share from promoters: those who scored 9 or 10
  on the day of the order."
source: F. Reichheld, The One Number You Need to Grow, Harvard Business Review, December 2003
---*/
select * from daily
