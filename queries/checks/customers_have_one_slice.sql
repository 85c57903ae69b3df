-- Every customer stands in the customer list once, with one value per dimension
-- severity: error
select
    customers.customer_id,
    count(*) as times,
    count(slices.slice_id) as slices_found
from customers
left join slices on customers.slice_id = slices.slice_id
group by customers.customer_id
having count(*) > 1 or count(slices.slice_id) <> 1
