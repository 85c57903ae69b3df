-- one row per comment: a survey answer, of any survey, in which somebody wrote something; bands after Reichheld 2003.
-- words is the comment in lower case with a blank around each word and ' . ' where a clause ends, so that looking for
-- ' fair price ' finds these words, and ' fair' those that begin so; comments of scripts without blanks stay whole
with
told as (
    select
        responses.response_id,
        responses.customer_id,
        coalesce(customers.slice_id, settings.unknown_slice_id) as slice_id,
        responses.day,
        responses.responded_at,
        responses.score,
        case
            when responses.score >= 9 then 'promoter'
            when responses.score >= 7 then 'passive'
            else 'detractor'
        end as band,
        trim(responses.touchpoint) as touchpoint,
        trim(responses.comment) as comment,
        replace(lower(responses.comment), '’', '''') as lowered
    from responses
    left join customers on responses.customer_id = customers.customer_id
    cross join settings
    where trim(responses.comment) <> ''
)

select
    response_id,
    customer_id,
    slice_id,
    day,
    responded_at,
    score,
    band,
    nullif(touchpoint, '') as touchpoint,
    comment,
    ' ' || regexp_replace(
        regexp_replace(lowered, '[.!?;:,()"“”–—\n\r]+', ' . ', 'g'), '[^\p{L}\p{M}\p{N}''.]+', ' ', 'g'
    ) || ' ' as words
from told
