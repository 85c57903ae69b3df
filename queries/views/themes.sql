/*---
title: Words that promoters and detractors use
row: one row per word or pair of words that promoters and detractors use unlike one another, found in the newest `most`
  comments of the range. The numbers of comments with it; share of all comments; z above 0 for promoters, below for
  detractors - log-odds with an informative Dirichlet prior (Monroe, Colaresi, Quinn 2008), shown from ±1.96 and 5
  comments on
needs: [responses]
parameters:
  most: 50000
columns: {theme: text, promoters: number, passives: number, detractors: number, share: percent, z: number,
  compared: number}
---*/
select
    chosen_slices.slice,
    comments.band,
    comments.words
from comments
inner join chosen_slices on comments.slice_id = chosen_slices.slice_id
where comments.day between cast($first as date) and cast($last as date)
order by comments.responded_at desc, comments.response_id desc
limit cast($most as integer)
