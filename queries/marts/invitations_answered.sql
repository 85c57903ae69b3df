-- one row per invitation of a customer (customer_number), survey and touchpoint ('' where none is named): answered is 1
-- where the customer answered the same survey at the same touchpoint within 14 days, before being asked again (each
-- answer counts once, for the last invitation before it), else 0. What invitations or answers never name, survey or
-- touchpoint, tells none apart. is_over: all 14 days lie within the answers' reach. band_before is the band that the
-- customer held on the day before, unscored without one
with
days_to_answer as (
    select 14 as length
),

named_of_invitations as (
    select
        count(survey) > 0 as surveys,
        count(nullif(trim(touchpoint), '')) > 0 as touchpoints
    from invitations
),

named_of_both as (
    select
        any_value(named_of_invitations.surveys) and count(responses.survey) > 0 as surveys,
        any_value(named_of_invitations.touchpoints)
        and count(nullif(trim(responses.touchpoint), '')) > 0 as touchpoints
    from responses
    cross join named_of_invitations
),

asked as (
    select
        invitations.customer_id,
        invitations.day,
        invitations.invited_at,
        coalesce(customers.slice_id, settings.unknown_slice_id) as slice_id,
        coalesce(invitations.survey, 'relationship') as survey,
        coalesce(trim(invitations.touchpoint), '') as touchpoint,
        case when named_of_both.surveys then coalesce(invitations.survey, 'relationship') else '' end as same_survey,
        case when named_of_both.touchpoints then coalesce(trim(invitations.touchpoint), '') else '' end
            as same_touchpoint
    from invitations
    left join customers on invitations.customer_id = customers.customer_id
    cross join settings
    cross join named_of_both
),

in_turn as (  -- an answer counts for the last invitation before it; of several at one moment for the last of them
    select
        *,
        row_number() over each_turn as turn,
        lead(invited_at) over each_turn as next_invited_at,
        lead(day) over each_turn as next_day
    from asked
    window each_turn as (
        partition by customer_id, same_survey, same_touchpoint order by invited_at, survey, touchpoint
    )
),

answers as (  -- one without a time of day came later than the question of that day
    select
        responses.customer_id,
        responses.day,
        responses.responded_at,
        responses.responded_at > cast(responses.day as timestamp) as has_time,
        case when named_of_both.surveys then coalesce(responses.survey, 'relationship') else '' end as same_survey,
        case when named_of_both.touchpoints then coalesce(trim(responses.touchpoint), '') else '' end
            as same_touchpoint
    from responses
    cross join named_of_both
    where responses.customer_id is not null
),

answered as (
    select distinct
        in_turn.customer_id,
        in_turn.same_survey,
        in_turn.same_touchpoint,
        in_turn.turn
    from in_turn
    cross join days_to_answer
    inner join answers
        on
            in_turn.customer_id = answers.customer_id
            and in_turn.same_survey = answers.same_survey
            and in_turn.same_touchpoint = answers.same_touchpoint
            and case
                when answers.has_time
                    then
                        in_turn.invited_at <= answers.responded_at
                        and coalesce(in_turn.next_invited_at > answers.responded_at, true)
                else in_turn.day <= answers.day and coalesce(in_turn.next_day > answers.day, true)
            end
    where answers.day <= in_turn.day + days_to_answer.length
),

reach as (
    select max(day) as data_through from responses
)

select
    cast(dense_rank() over (order by in_turn.customer_id) as integer) as customer_number,
    in_turn.day,
    in_turn.slice_id,
    in_turn.survey,
    in_turn.touchpoint,
    coalesce(score_periods.band, 'unscored') as band_before,
    case when answered.turn is null then 0 else 1 end as answered,
    in_turn.day + days_to_answer.length <= reach.data_through as is_over
from in_turn
cross join days_to_answer
cross join reach
left join answered
    on
        in_turn.customer_id = answered.customer_id
        and in_turn.same_survey = answered.same_survey
        and in_turn.same_touchpoint = answered.same_touchpoint
        and in_turn.turn = answered.turn
left join score_periods
    on
        in_turn.customer_id = score_periods.customer_id
        and in_turn.day - 1 >= score_periods.valid_from
        and in_turn.day - 1 < score_periods.valid_to
order by in_turn.day, in_turn.slice_id, in_turn.survey, in_turn.touchpoint, customer_number, answered
