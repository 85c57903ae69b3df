/*---
title: Complaints settled within a week
customer_benefit: Whoever complains knows within a week what becomes of it.
company_value: The supervisor of energy services asks for at least 80 % of them; below that it may fine us, and whoever
  waits leaves.
value: sum(in_time) / sum(complaints)
unit: percent
better: up
needs: [tickets.closed_at]
judged: month
interval: share(in_time, complaints)
range: [0, 1]
group: customer
interest: regulator
when_high: More complaints are settled within a week than usual
when_low: Fewer complaints are settled within a week than usual
owner: Customer service
decision: "Under 80 %: the service desk takes the oldest complaint first until the month is back within the limit."
description: Of the complaints whose seven days ended in the period, the share that was closed by then.
---*/
select
    day + 7 as day,
    ticket_id,
    customer_id,
    1 as complaints,
    case when cast(closed_at as date) <= day + 7 then 1 else 0 end as in_time
from tickets
where kind = 'complaint' and day + 7 <= (select max(latest.day) from tickets as latest)
