-- one row per survey answer
select * from source.responses
