-- one row per release or event worth marking on a chart
select * from source.releases
