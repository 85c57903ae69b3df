/*---
title: Net Promoter Score
customer_benefit: Customers would stake their own name on us with a friend or colleague.
company_value: Recommendation is the cheapest way to grow, and its absence the earliest warning.
value: 100 * (sum(promoters) - sum(detractors)) / sum(nps_responses)
unit: score
better: up
needs: [responses]
judged: sprint
interval: nps(promoters, detractors, nps_responses)
range: [-100, 100]
group: customer
when_high: Customers recommend us more than usual
when_low: Customers recommend us less than usual
owner: Customer insight
decision: "Unusually low: read fifty comments of that period together and pick one cause to remove next sprint."
description: Promoters (9 and 10) less detractors (0 to 6), per 100 answers; from −100 to 100. Counts the answers of
  the survey that sets customers' scores, those on the scale 0-10 where there are any.
source: F. Reichheld, The One Number You Need to Grow, Harvard Business Review, December 2003
---*/
select * from daily
