-- Hardly any customer is asked twice within 14 days in a relationship survey: a reminder counts as asked anew
-- severity: warning
with
asked as (
    select
        customer_id,
        day,
        day - lag(day) over (partition by customer_id, trim(touchpoint) order by invited_at) < 14 as is_again
    from invitations
    where coalesce(survey, 'relationship') = 'relationship'
),

shares as (
    select count(*) filter (where is_again) >= 0.05 * count(*) as are_many
    from asked
)

select
    asked.customer_id,
    asked.day
from asked
cross join shares
where asked.is_again and shares.are_many
