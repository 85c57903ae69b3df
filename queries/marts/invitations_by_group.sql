-- one row per day of asking, slice, survey and touchpoint ('' where none is named): invitations, and those that were
-- answered: the customer answered the same survey at the same touchpoint within 14 days, before being asked again
-- (each answer counts once, for the last invitation before it). is_over: all 14 days lie within the answers' reach.
-- band_before is the band that the customer held on the day before, unscored without one
with
days_to_answer as (
    select 14 as length
),

asked as (
    select
        row_number() over () as invitation,
        invitations.customer_id,
        invitations.day,
        invitations.invited_at,
        coalesce(customers.slice_id, settings.unknown_slice_id) as slice_id,
        coalesce(invitations.survey, 'relationship') as survey,
        coalesce(trim(invitations.touchpoint), '') as touchpoint
    from invitations
    left join customers on invitations.customer_id = customers.customer_id
    cross join settings
),

answers as (
    select
        customer_id,
        day,
        responded_at,
        coalesce(survey, 'relationship') as survey,
        coalesce(trim(touchpoint), '') as touchpoint
    from responses
    where customer_id is not null
),

answered as (
    select distinct asked.invitation
    from answers
    asof inner join asked
        on
            answers.customer_id = asked.customer_id
            and answers.survey = asked.survey
            and answers.touchpoint = asked.touchpoint
            and answers.responded_at >= asked.invited_at
    cross join days_to_answer
    where answers.day <= asked.day + days_to_answer.length
),

reach as (
    select max(day) as data_through from responses
)

select
    asked.day,
    asked.slice_id,
    asked.survey,
    asked.touchpoint,
    coalesce(score_periods.band, 'unscored') as band_before,
    count(*) as invited,
    count(answered.invitation) as answered,
    asked.day + any_value(days_to_answer.length) <= any_value(reach.data_through) as is_over
from asked
cross join days_to_answer
cross join reach
left join answered on asked.invitation = answered.invitation
left join score_periods
    on
        asked.customer_id = score_periods.customer_id
        and asked.day - 1 >= score_periods.valid_from
        and asked.day - 1 < score_periods.valid_to
group by asked.day, asked.slice_id, asked.survey, asked.touchpoint, coalesce(score_periods.band, 'unscored')
order by asked.day, asked.slice_id, asked.survey, asked.touchpoint, band_before
