-- Where 30 or more were asked, somebody answers; else the exports call surveys, touchpoints or customers unlike
-- severity: warning
select
    survey,
    touchpoint,
    count(*) as asked
from invitations_answered
where is_over
group by survey, touchpoint
having count(*) >= 30 and sum(answered) = 0
