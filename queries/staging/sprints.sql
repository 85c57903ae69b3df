-- one row per sprint
select * from source.sprints
