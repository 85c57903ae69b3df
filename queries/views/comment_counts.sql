/*---
title: How many comments each filter would find
row: one row per band, touchpoint ("none" for those without) and theme; comments counts what the other filters choose,
  all or those in which every word of search occurs
needs: [responses]
parameters:
  search: ""
  band: ""
  touchpoint: ""
  theme: ""
columns: {kind: text, name: text, comments: number}
---*/
with
asked as (
    select
        list_filter(string_split(lower(strip_accents($search)), ' '), lambda word: word <> '') as words,
        ' ' || trim(replace(lower($search), '"', '')) || ' ' as phrase
),

found as (
    select
        chosen_slices.slice,
        comments.response_id,
        comments.band,
        coalesce(comments.touchpoint, 'none') as touchpoint
    from comments
    inner join chosen_slices on comments.slice_id = chosen_slices.slice_id
    cross join asked
    where
        comments.day between cast($first as date) and cast($last as date)
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

about as (
    select response_id
    from comment_themes
    where theme = $theme
),

counts as (
    select
        slice,
        1 as place,
        'band' as kind,
        band as name,
        count(*) as comments
    from found
    where
        ($touchpoint = '' or touchpoint = $touchpoint)
        and ($theme = '' or response_id in (select about.response_id from about))
    group by slice, band
    union all
    select
        slice,
        2 as place,
        'touchpoint' as kind,
        touchpoint as name,
        count(*) as comments
    from found
    where
        ($band = '' or band = $band)
        and ($theme = '' or response_id in (select about.response_id from about))
    group by slice, touchpoint
    union all
    select
        found.slice,
        3 as place,
        'theme' as kind,
        comment_themes.theme as name,
        count(*) as comments
    from found
    inner join comment_themes on found.response_id = comment_themes.response_id
    where
        ($band = '' or found.band = $band)
        and ($touchpoint = '' or found.touchpoint = $touchpoint)
    group by found.slice, comment_themes.theme
)

select
    slice,
    kind,
    name,
    comments
from counts
order by slice asc, place asc, comments desc, name asc
