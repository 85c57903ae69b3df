/*---
title: Activity behind a KVI
row: one row per event, the oldest first; matching counts all that match, of which the first are shown
needs: [activity]
parameters:
  most: 1000000
columns: {day: day, customer_id: text, event: text, minutes: number, matching: number}
personal: true
---*/
select
    chosen_slices.slice,
    activity.day,
    activity.customer_id,
    activity.event,
    activity.minutes,
    count(*) over (partition by chosen_slices.slice) as matching
from activity
inner join customers on activity.customer_id = customers.customer_id
inner join chosen_slices on customers.slice_id = chosen_slices.slice_id
where activity.day between cast($first as date) and cast($last as date)
qualify
    row_number() over (
        partition by chosen_slices.slice order by activity.occurred_at asc, activity.customer_id asc, activity.event asc
    ) <= $most
order by chosen_slices.slice asc, activity.occurred_at asc, activity.customer_id asc, activity.event asc
