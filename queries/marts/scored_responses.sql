-- one row per survey answer that counts towards scores: all of them, or only those of the chosen survey
-- (an answer that names no survey counts as a relationship answer), those of nobody known in the slice of
-- customers of whom nothing is known; bands after Reichheld 2003
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
    end as band
from responses
left join customers on responses.customer_id = customers.customer_id
cross join settings
where settings.survey = 'any' or coalesce(responses.survey, 'relationship') = settings.survey
