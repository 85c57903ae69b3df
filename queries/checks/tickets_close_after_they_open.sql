-- No ticket was closed before it was opened
-- severity: warning
select
    ticket_id,
    opened_at,
    closed_at
from tickets
where closed_at < opened_at
