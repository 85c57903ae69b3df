-- one row per survey answer that counts towards scores: all of them, or only those of the chosen survey
-- (an answer that names no survey counts as a relationship answer), those of nobody known in the slice of
-- customers of whom nothing is known; bands after Reichheld 2003, of answers from 1 to 5 doubled. The Net Promoter
-- Score counts answers on the scale 0-10, those on others only where there are no such answers at all
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
    responses.scale = '0-10' or settings.nps_of_any_scale as counts_for_nps
from responses
left join customers on responses.customer_id = customers.customer_id
cross join settings
where settings.survey = 'any' or coalesce(responses.survey, 'relationship') = settings.survey
