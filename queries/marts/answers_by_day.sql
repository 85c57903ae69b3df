-- one row per day and slice with survey answers that count towards scores
select
    day,
    slice_id,
    count(*) as responses,
    count(*) filter (where counts_for_nps) as nps_responses,
    count(*) filter (where counts_for_nps and band = 'promoter') as promoters,
    count(*) filter (where counts_for_nps and band = 'passive') as passives,
    count(*) filter (where counts_for_nps and band = 'detractor') as detractors,
    count(*) filter (where score >= 8) as very_satisfied,
    cast(sum(score) as bigint) as score_sum,
    cast(sum(score * score) as bigint) as score_sum_squares
from scored_responses
group by day, slice_id
