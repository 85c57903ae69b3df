/*---
title: Tickets behind a KVI
row: one row per ticket, the oldest first; matching counts all that match, of which the first are shown
needs: [tickets]
parameters:
  most: 1000000
columns: {day: day, ticket_id: text, customer_id: text, kind: text, topic: text, matching: number}
personal: true
---*/
select
    chosen_slices.slice,
    tickets.day,
    tickets.ticket_id,
    tickets.customer_id,
    tickets.kind,
    tickets.topic,
    count(*) over (partition by chosen_slices.slice) as matching
from tickets
inner join customers on tickets.customer_id = customers.customer_id
inner join chosen_slices on customers.slice_id = chosen_slices.slice_id
where tickets.day between cast($first as date) and cast($last as date)
qualify
    row_number() over (
        partition by chosen_slices.slice order by tickets.day asc, tickets.ticket_id asc
    ) <= $most
order by chosen_slices.slice asc, tickets.day asc, tickets.ticket_id asc
