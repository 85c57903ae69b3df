-- one row per customer asked for an answer
select * from source.invitations
