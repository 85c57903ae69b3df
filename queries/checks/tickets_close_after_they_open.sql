-- No ticket was closed before it was opened
-- severity: warning
select
    ticket_id,
    opened_at,
    closed_at
from tickets
where
    closed_at < opened_at
    -- nor on that day at no time of it
    and (cast(closed_at as date) < day or closed_at > cast(closed_at as date))
