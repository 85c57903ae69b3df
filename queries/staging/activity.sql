-- one row per event, or customer and day
select * from source.activity
