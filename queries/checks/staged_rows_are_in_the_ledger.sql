-- Every row of an exported table stands in the file ledger, and the other way round (customers may be added)
-- severity: error
with
in_ledger as (
    select
        table_name,
        sum(rows_staged) as rows_staged
    from file_ledger
    where role <> 'lookup'
    group by table_name
),

staged as (
    select
        'activity' as table_name,
        count(*) as rows_staged
    from activity
    union all
    select
        'orders' as table_name,
        count(*) as rows_staged
    from orders
    union all
    select
        'responses' as table_name,
        count(*) as rows_staged
    from responses
    union all
    select
        'tickets' as table_name,
        count(*) as rows_staged
    from tickets
)

select
    staged.table_name,
    staged.rows_staged,
    coalesce(in_ledger.rows_staged, 0) as rows_in_ledger
from staged
left join in_ledger on staged.table_name = in_ledger.table_name
where staged.rows_staged <> coalesce(in_ledger.rows_staged, 0)
