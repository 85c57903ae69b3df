/*---
title: Comments, the newest first
row: one row per comment of any survey, at most `most`. search finds comments in which every one of its words occurs,
  "in quotes" words side by side; touchpoint "none" are those without one; response_ids, where it is not empty, names
  answers with the character 31 between them; matching counts all that the filters choose
needs: [responses]
parameters:
  search: ""
  band: ""
  touchpoint: ""
  theme: ""
  response_ids: ""
  most: 500
columns: {day: day, score: number, band: text, touchpoint: text, comment: text, response_id: text, customer_id: text,
  matching: number}
personal: true
---*/
with
asked as (
    select
        list_filter(string_split(lower(strip_accents($search)), ' '), lambda word: word <> '') as words,
        ' ' || trim(replace(lower($search), '"', '')) || ' ' as phrase
),

about as (
    select response_id
    from comment_themes
    where theme = $theme
),

matching as (
    select
        chosen_slices.slice,
        comments.response_id,
        comments.responded_at
    from comments
    inner join chosen_slices on comments.slice_id = chosen_slices.slice_id
    cross join asked
    where
        comments.day between cast($first as date) and cast($last as date)
        and ($response_ids = '' or list_contains(string_split($response_ids, chr(31)), comments.response_id))
        and ($band = '' or comments.band = $band)
        and ($touchpoint = '' or coalesce(comments.touchpoint, 'none') = $touchpoint)
        and ($theme = '' or comments.response_id in (select about.response_id from about))
        and (
            $search = ''
            or (starts_with($search, '"') and contains(comments.words, asked.phrase))
            or (
                not starts_with($search, '"')
                and list_bool_and(
                    list_transform(asked.words, lambda word: contains(lower(strip_accents(comments.comment)), word))
                )
            )
        )
),

counted as (
    select count(*) as comments
    from matching
),

newest as (
    select *
    from matching
    order by responded_at desc, response_id desc
    limit cast($most as integer)
)

select
    newest.slice,
    comments.day,
    comments.score,
    comments.band,
    comments.touchpoint,
    comments.comment,
    comments.response_id,
    comments.customer_id,
    counted.comments as matching
from newest
inner join comments on newest.response_id = comments.response_id
cross join counted
order by newest.responded_at desc, newest.response_id desc
