/*---
title: Days on which an export has rows
row: one row per event table and day on which it has rows
columns:
  table_name: text
  day: day
---*/
select
    'activity' as table_name,
    day
from activity_by_day
group by day

union all

select
    'orders' as table_name,
    day
from orders
group by day

union all

select
    'responses' as table_name,
    day
from responses
group by day

union all

select
    'tickets' as table_name,
    day
from tickets
group by day
order by table_name, day
