/*---
title: How many complaints about a topic there were
row: one row per period that overlaps the range, complaints about the topic named, or about anything. per_1000 as in
  complaint_topics; complete where tickets with a kind reach over the period
needs: [tickets.kind]
parameters:
  topic: ""
columns: {period: day, ends_on: day, complaints: number, per_1000: per_1000, low: per_1000, high: per_1000,
  complete: flag}
---*/
with
reach as (
    select
        kinds_from as data_from,
        kinds_until as data_through
    from data_days
),

full_windows as (
    select
        min(activity_by_day.day) + 27 as data_from,
        any_value(data_days.active_until) as data_through
    from activity_by_day
    cross join data_days
),

chosen_periods as (
    select
        periods.period,
        periods.ends_on,
        periods.ends_on <= reach.data_through and periods.period >= reach.data_from as complete
    from periods
    cross join reach
    where
        periods.grain = $grain
        and periods.ends_on >= greatest(cast($first as date), reach.data_from)
        and periods.period <= least(cast($last as date), reach.data_through)
),

complaints as (
    select
        chosen_slices.slice,
        calendar.period,
        count(*) as complaints,
        count(*) filter (
            where tickets.day between full_windows.data_from and full_windows.data_through
        ) as counted
    from tickets
    cross join full_windows
    inner join customers on tickets.customer_id = customers.customer_id
    inner join chosen_slices on customers.slice_id = chosen_slices.slice_id
    inner join calendar on tickets.day = calendar.day and calendar.grain = $grain
    where
        tickets.kind = 'complaint'
        and ($topic = '' or coalesce(nullif(trim(tickets.topic), ''), 'no topic') = $topic)
    group by chosen_slices.slice, calendar.period
),

active as (
    select
        chosen_slices.slice,
        calendar.period,
        cast(sum(daily.active_28d) as double) / 28 as active_now
    from daily
    inner join full_windows on daily.day between full_windows.data_from and full_windows.data_through
    inner join reach on daily.day between reach.data_from and reach.data_through
    inner join chosen_slices on daily.slice_id = chosen_slices.slice_id
    inner join calendar on daily.day = calendar.day and calendar.grain = $grain
    group by chosen_slices.slice, calendar.period
),

slices_shown as (
    select distinct slice
    from chosen_slices
)

select
    slices_shown.slice,
    chosen_periods.period,
    chosen_periods.ends_on,
    coalesce(complaints.complaints, 0) as complaints,
    coalesce(complaints.counted, 0) as counted,
    nullif(active.active_now, 0) as active_now,
    chosen_periods.complete
from slices_shown
cross join chosen_periods
left join complaints on slices_shown.slice = complaints.slice and chosen_periods.period = complaints.period
left join active on slices_shown.slice = active.slice and chosen_periods.period = active.period
order by slices_shown.slice, chosen_periods.period
