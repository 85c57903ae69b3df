/*---
title: Dissatisfied customers (below 4 of 5)
customer_benefit: Fewer customers are left disappointed.
company_value: A customer below 4 of 5 is far less loyal; each one moved up is turnover that need not be won anew.
value: sum(below_eight) / sum(responses)
unit: percent
better: down
needs: [responses]
judged: sprint
mirrors: customer_satisfaction
interval: share(below_eight, responses)
range: [0, 1]
group: customer
when_high: More customers are dissatisfied than usual
when_low: Fewer customers are dissatisfied than usual
owner: Customer service
decision: "Unusually high: every new answer below 4 of 5 gets a call within two days until it is back to normal."
description: "Share of the answers under 4 of 5, which is under 8 of 10: the mirror of customer satisfaction, for
  teams that work on what goes wrong."
source: "Customer strategy: acquire, retain, grow; satisfaction below 4 of 5 marks a customer far less loyal"
---*/
select
    *,
    responses - very_satisfied as below_eight
from daily
