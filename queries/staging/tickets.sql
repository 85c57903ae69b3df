-- one row per contact
select * from source.tickets
