-- Where 30 or more were asked, somebody answers; else the exports call surveys, touchpoints or customers unlike
-- severity: warning
select
    survey,
    touchpoint,
    cast(sum(invited) as bigint) as asked
from invitations_by_group
where is_over
group by survey, touchpoint
having sum(invited) >= 30 and sum(answered) = 0
