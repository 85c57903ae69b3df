-- Of every file, the rows read are those kept, added to another, replaced, folded as duplicates, rejected or set aside
-- severity: error
select
    table_name,
    source,
    file,
    rows_read,
    rows_kept,
    rows_lines,
    rows_replaced,
    rows_duplicate,
    rows_rejected,
    rows_set_aside
from file_ledger
where rows_read <> rows_kept + rows_lines + rows_replaced + rows_duplicate + rows_rejected + rows_set_aside
