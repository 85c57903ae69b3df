/*---
title: Rows set aside
row: one row per row that was set aside, in the order of files and lines
columns:
  source: text
  table_name: text
  kind: text
  file: text
  line: number
  column_name: text
  value: text
  reason: text
personal: true
---*/
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
