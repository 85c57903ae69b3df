/*---
title: How many comments speak of each theme
row: one row per theme of queries/themes and period that overlaps the range; share of the comments that speak of it.
  complete where the answers reach over the period; centre, lower, upper and verdict say what is usual for the theme,
  judged over all complete periods as a KVI is, per sprint, or month without sprints; in other grains verdict says so
needs: [responses]
columns: {theme: text, period: day, ends_on: day, about: number, comments: number, share: percent, low: percent,
  high: percent, complete: flag, centre: percent, lower: percent, upper: percent, verdict: text, reason: text}
interval: share(about, comments)
---*/
with
reach as (
    select
        min(responses.day) as data_from,
        any_value(data_days.responses_until) as data_through
    from responses
    cross join data_days
),

known_periods as (
    select
        periods.grain,
        periods.period,
        periods.ends_on,
        periods.ends_on <= reach.data_through and periods.period >= reach.data_from as complete,
        periods.ends_on >= cast($first as date) and periods.period <= cast($last as date) as in_range
    from periods
    cross join reach
    where
        periods.grain = $grain
        and periods.ends_on >= reach.data_from
        and periods.period <= reach.data_through
),

spoken as (
    select
        chosen_slices.slice,
        themes_by_day.theme,
        calendar.period,
        cast(sum(themes_by_day.about) as bigint) as about,
        cast(sum(themes_by_day.comments) as bigint) as comments
    from themes_by_day
    inner join chosen_slices on themes_by_day.slice_id = chosen_slices.slice_id
    inner join calendar on themes_by_day.day = calendar.day and calendar.grain = $grain
    group by chosen_slices.slice, themes_by_day.theme, calendar.period
),

rows_shown as (
    select distinct
        slice,
        theme
    from spoken
)

select
    rows_shown.slice,
    rows_shown.theme,
    known_periods.grain,
    known_periods.period,
    known_periods.ends_on,
    coalesce(spoken.about, 0) as about,
    coalesce(spoken.comments, 0) as comments,
    spoken.about / nullif(spoken.comments, 0) as share,
    known_periods.complete,
    known_periods.in_range
from rows_shown
cross join known_periods
left join spoken
    on rows_shown.slice = spoken.slice and rows_shown.theme = spoken.theme and known_periods.period = spoken.period
order by rows_shown.slice, rows_shown.theme, known_periods.period
