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

in_turn as (  -- an answer counts for the last invitation before it; of several at one moment for the last of them
    select
        *,
        row_number() over each_turn as turn,
        lead(invited_at) over each_turn as next_invited_at
    from asked
    window each_turn as (partition by customer_id, survey, touchpoint order by invited_at)
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
    select distinct
        in_turn.customer_id,
        in_turn.survey,
        in_turn.touchpoint,
        in_turn.turn
    from in_turn
    cross join days_to_answer
    inner join answers
        on
            in_turn.customer_id = answers.customer_id
            and in_turn.survey = answers.survey
            and in_turn.touchpoint = answers.touchpoint
            and in_turn.invited_at <= answers.responded_at
            and (in_turn.next_invited_at is null or in_turn.next_invited_at > answers.responded_at)
    where answers.day <= in_turn.day + days_to_answer.length
),

reach as (
    select max(day) as data_through from responses
)

select
    in_turn.day,
    in_turn.slice_id,
    in_turn.survey,
    in_turn.touchpoint,
    coalesce(score_periods.band, 'unscored') as band_before,
    count(*) as invited,
    count(answered.turn) as answered,
    in_turn.day + any_value(days_to_answer.length) <= any_value(reach.data_through) as is_over
from in_turn
cross join days_to_answer
cross join reach
left join answered
    on
        in_turn.customer_id = answered.customer_id
        and in_turn.survey = answered.survey
        and in_turn.touchpoint = answered.touchpoint
        and in_turn.turn = answered.turn
left join score_periods
    on
        in_turn.customer_id = score_periods.customer_id
        and in_turn.day - 1 >= score_periods.valid_from
        and in_turn.day - 1 < score_periods.valid_to
group by in_turn.day, in_turn.slice_id, in_turn.survey, in_turn.touchpoint, coalesce(score_periods.band, 'unscored')
order by in_turn.day, in_turn.slice_id, in_turn.survey, in_turn.touchpoint, band_before
