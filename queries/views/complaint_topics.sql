/*---
title: What customers complain about
row: one row per topic of the complaints of the range. per_1000 is complaints per 1,000 customers active in 28 days
  and 28 days, of the days of which kinds of tickets tell and whose 28 days the activity covers, with the exact
  Poisson interval (95 %); ratio is to the rate of as many days before the range, with the exact conditional interval.
  verdict "more", "fewer", "no change shown", "too few complaints" (under 10 in either) or "nothing before". half of
  the complaints were closed within median_days of opening, empty where more than half are still open; still_open were
  not closed by the data's last day, empty where no ticket says when it was closed
needs: [tickets.kind]
columns: {topic: text, complaints: number, per_1000: per_1000, low: per_1000, high: per_1000, complaints_before: number,
  per_1000_before: per_1000, ratio: number, ratio_low: number, ratio_high: number, verdict: text, median_days: days,
  still_open: number}
---*/
with
reach as (
    select
        any_value(data_days.kinds_from) as data_from,
        any_value(data_days.kinds_until) as data_through,
        count(tickets.closed_at) > 0 as ends_are_known
    from tickets
    cross join data_days
),

-- the days of the range of which the kinds of tickets tell: on others nobody can have complained
covered as (
    select
        data_from,
        greatest(cast($first as date), data_from) as first_day,
        least(cast($last as date), data_through) as last_day
    from reach
),

spans as (
    select
        data_from,
        first_day,
        last_day,
        first_day - cast(date_diff('day', first_day, last_day) + 1 as integer) as first_before
    from covered
),

full_windows as (
    select
        min(activity_by_day.day) + 27 as data_from,
        any_value(data_days.active_until) as data_through
    from activity_by_day
    cross join data_days
),

complaints as (
    select
        chosen_slices.slice,
        coalesce(nullif(trim(tickets.topic), ''), 'no topic') as topic,
        tickets.day >= spans.first_day as is_now,
        tickets.day between full_windows.data_from and full_windows.data_through as is_counted,
        case
            when tickets.closed_at > cast(tickets.closed_at as date)
                then date_diff('minute', tickets.opened_at, tickets.closed_at) / 1440.0
            else date_diff('day', tickets.day, cast(tickets.closed_at as date))  -- it has no time of day
        end as days_to_close
    from tickets
    cross join spans
    cross join full_windows
    inner join customers on tickets.customer_id = customers.customer_id
    inner join chosen_slices on customers.slice_id = chosen_slices.slice_id
    where
        tickets.kind = 'complaint'
        and tickets.day <= spans.last_day
        and (
            tickets.day >= spans.first_day
            or (tickets.day >= spans.first_before and spans.first_before >= spans.data_from)
        )
),

active as (
    select
        chosen_slices.slice,
        sum(daily.active_28d) filter (where daily.day >= spans.first_day) / 28 as active_now,
        sum(daily.active_28d) filter (where daily.day < spans.first_day and spans.first_before >= spans.data_from) / 28
            as active_before
    from daily
    cross join spans
    cross join full_windows
    inner join chosen_slices on daily.slice_id = chosen_slices.slice_id
    where
        daily.day between greatest(spans.first_before, full_windows.data_from)
        and least(spans.last_day, full_windows.data_through)
    group by chosen_slices.slice
),

topics as (
    select
        slice,
        topic,
        count(*) filter (where is_now) as complaints,
        count(*) filter (where not is_now) as complaints_before,
        count(*) filter (where is_now and is_counted) as counted,
        count(*) filter (where not is_now and is_counted) as counted_before,
        -- of those closed already alone it would be the shorter, the more are waiting
        median(coalesce(days_to_close, cast('infinity' as double))) filter (where is_now) as median_days,
        count(*) filter (where is_now and days_to_close is null) as still_open
    from complaints
    group by slice, topic
)

select
    topics.slice,
    topics.topic,
    topics.complaints,
    topics.complaints_before,
    topics.counted,
    topics.counted_before,
    case when isfinite(topics.median_days) then topics.median_days end as median_days,
    cast(case when reach.ends_are_known then topics.still_open end as double) as still_open,
    cast(nullif(active.active_now, 0) as double) as active_now,
    cast(nullif(active.active_before, 0) as double) as active_before
from topics
cross join reach
left join active on topics.slice = active.slice
where topics.complaints > 0
order by topics.slice asc, topics.complaints desc, topics.topic asc
