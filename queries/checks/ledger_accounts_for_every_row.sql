-- Of every file, the rows read are the rows kept, rejected and folded as duplicates
-- severity: error
select
    table_name,
    source,
    file,
    rows_read,
    rows_kept,
    rows_rejected,
    rows_duplicate
from file_ledger
where rows_read <> rows_kept + rows_rejected + rows_duplicate
