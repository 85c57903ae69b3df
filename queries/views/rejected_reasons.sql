/*---
title: Why rows were set aside
row: one row per reason for which rows were set aside and example of it, up to three; what a reason says of its own
  row (the score, the row that replaced it) is left to the example
columns:
  source: text
  table_name: text
  kind: text
  column_name: text
  reason: text
  row_count: number
  example_number: number
  file: text
  line: number
  value: text
---*/
with
reasons as (
    select
        source,
        table_name,
        kind,
        column_name,
        file,
        line,
        value,
        case
            when kind = 'replaced' then regexp_replace(reason, ' in .*; the last', '; the last')
            when column_name = 'score' then regexp_replace(reason, '^score .* is ', 'score is ')
            else reason
        end as reason
    from rejected_rows
),

numbered as (
    select
        *,
        count(*) over (partition by source, table_name, kind, column_name, reason) as row_count,
        row_number() over (
            partition by source, table_name, kind, column_name, reason order by file, line, value
        ) as example_number
    from reasons
)

select
    source,
    table_name,
    kind,
    column_name,
    reason,
    row_count,
    example_number,
    file,
    line,
    value
from numbered
where example_number <= 3
order by source asc, table_name asc, kind asc, row_count desc, reason asc, example_number asc
