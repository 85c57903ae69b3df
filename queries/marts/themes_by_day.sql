-- one row per theme of queries/themes/, day and slice with comments: how many speak of it, and how many there are. So a
-- KVI of a theme is sum(about) / sum(comments) over the rows of this theme
with
days as (
    select
        day,
        slice_id,
        count(*) as comments
    from comments
    group by day, slice_id
),

themes as (
    select distinct theme from theme_words
),

spoken as (
    select
        comments.day,
        comments.slice_id,
        comment_themes.theme,
        count(*) as about
    from comment_themes
    inner join comments on comment_themes.response_id = comments.response_id
    group by comments.day, comments.slice_id, comment_themes.theme
)

select
    themes.theme,
    days.day,
    days.slice_id,
    coalesce(spoken.about, 0) as about,
    days.comments
from themes
cross join days
left join spoken on themes.theme = spoken.theme and days.day = spoken.day and days.slice_id = spoken.slice_id
order by themes.theme, days.day, days.slice_id
