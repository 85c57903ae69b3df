-- The revenue of promoters, passives, detractors and customers without a score is all revenue, to the cent
-- severity: error
select
    day,
    slice_id,
    promoter_revenue,
    passive_revenue,
    detractor_revenue,
    scored_revenue,
    unscored_revenue,
    revenue
from daily
where
    promoter_revenue + passive_revenue + detractor_revenue <> scored_revenue
    or scored_revenue + unscored_revenue <> revenue
