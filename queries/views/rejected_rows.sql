-- one row per row that was set aside, in the order of files and lines
select
    source,
    table_name,
    kind,
    file,
    line,
    column_name,
    value,
    reason
from rejected_rows
order by source, table_name, file, line, column_name
