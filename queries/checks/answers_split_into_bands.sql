-- Promoters, passives and detractors together are all answers of the day
-- severity: error
select
    day,
    slice_id,
    promoters,
    passives,
    detractors,
    responses
from daily
where promoters + passives + detractors <> responses or very_satisfied < promoters
