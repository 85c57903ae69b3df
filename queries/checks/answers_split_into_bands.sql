-- Promoters, passives and detractors together are all answers of the day that count for the NPS
-- severity: error
select
    day,
    slice_id,
    promoters,
    passives,
    detractors,
    nps_responses
from daily
where promoters + passives + detractors <> nps_responses or very_satisfied < promoters
