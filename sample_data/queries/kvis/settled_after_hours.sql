/*---
title: Contacts settled after closing time
customer_benefit: Customers talk with people who are rested.
company_value: Evenings at the service desk cost overtime, and in time the people who know our customers.
value: sum(after_hours) / sum(settled)
unit: percent
better: down
needs: [tickets.closed_at]
judged: month
grains: [month, quarter]
interval: share(after_hours, settled)
range: [0, 1]
group: company
interest: employees
when_high: More work of the service desk ends after closing time than usual
when_low: Less work of the service desk ends after closing time than usual
owner: Customer service
decision: "Unusually high: plan a second late shift before anybody is asked to stay again."
description: Of the complaints and questions closed in the period, the share closed after eight in the evening, when
  the service desk shuts.
---*/
select
    cast(closed_at as date) as day,
    ticket_id,
    customer_id,
    1 as settled,
    case when hour(closed_at) >= 20 then 1 else 0 end as after_hours
from tickets
where closed_at is not null
