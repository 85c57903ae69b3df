/*---
title: New customers behind a KVI
row: one row per customer by the day of the start, the oldest first; is_earned says yes where they came by
  recommendation; matching counts all that match, of which the first are shown
needs: [customers]
parameters:
  most: 1000000
columns: {day: day, customer_id: text, is_earned: text, matching: number}
personal: true
---*/
select
    chosen_slices.slice,
    customer_starts.started_on as day,
    customer_starts.customer_id,
    if(customer_starts.is_earned, 'yes', 'no') as is_earned,
    count(*) over (partition by chosen_slices.slice) as matching
from customer_starts
inner join chosen_slices on customer_starts.slice_id = chosen_slices.slice_id
where customer_starts.started_on between cast($first as date) and cast($last as date)
qualify
    row_number() over (
        partition by chosen_slices.slice order by customer_starts.started_on asc, customer_starts.customer_id asc
    ) <= $most
order by chosen_slices.slice asc, customer_starts.started_on asc, customer_starts.customer_id asc
