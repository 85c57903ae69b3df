-- Opening, plus new, expansion and reactivated, less contraction and lost, with refunds, is closing, to the cent
-- severity: error
select
    grain,
    period,
    slice_id,
    opening,
    new,
    expansion,
    reactivated,
    contraction,
    lost,
    refunds,
    closing
from revenue_bridge
where opening + new + expansion + reactivated - contraction - lost + refunds <> closing
