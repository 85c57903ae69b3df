-- one row per day and slice where anything happened or a standing count is not zero: every additive measure of the
-- KVIs. Days run from the data's first to its last; customers who signed up outside of them are not counted as new.
with
starts as (
    select
        started_on as day,
        slice_id,
        count(*) as new_customers,
        count(*) filter (where is_earned) as earned_customers
    from customer_starts
    group by started_on, slice_id
),

contacts as (
    select
        tickets.day,
        customers.slice_id,
        count(*) as tickets,
        count(*) filter (where tickets.kind = 'complaint') as complaints
    from tickets
    inner join customers on tickets.customer_id = customers.customer_id
    group by tickets.day, customers.slice_id
)

select
    standing.day,
    standing.slice_id,
    coalesce(activity.active_customers, 0) as active_customers,
    standing.active_7d,
    standing.active_28d,
    coalesce(activity.active_minutes, 0) as active_minutes,
    coalesce(starts.new_customers, 0) as new_customers,
    coalesce(starts.earned_customers, 0) as earned_customers,
    coalesce(orders.orders, 0) as orders,
    coalesce(orders.orders_of_customers, 0) as orders_of_customers,
    coalesce(orders.ordering_customers, 0) as ordering_customers,
    coalesce(orders.revenue, 0) as revenue,
    coalesce(orders.revenue_of_customers, 0) as revenue_of_customers,
    coalesce(orders.eight_plus_revenue, 0) as eight_plus_revenue,
    coalesce(orders.promoter_revenue, 0) as promoter_revenue,
    coalesce(orders.passive_revenue, 0) as passive_revenue,
    coalesce(orders.detractor_revenue, 0) as detractor_revenue,
    coalesce(orders.scored_revenue, 0) as scored_revenue,
    coalesce(orders.unscored_revenue, 0) as unscored_revenue,
    coalesce(orders.orders_followed_90d, 0) as orders_followed_90d,
    coalesce(answers.responses, 0) as responses,
    coalesce(answers.nps_responses, 0) as nps_responses,
    coalesce(answers.promoters, 0) as promoters,
    coalesce(answers.passives, 0) as passives,
    coalesce(answers.detractors, 0) as detractors,
    coalesce(answers.very_satisfied, 0) as very_satisfied,
    coalesce(answers.score_sum, 0) as score_sum,
    coalesce(answers.score_sum_squares, 0) as score_sum_squares,
    standing.customers_8plus,
    standing.customers_scored,
    coalesce(contacts.tickets, 0) as tickets,
    coalesce(contacts.complaints, 0) as complaints
from standing_counts as standing
left join activity_by_day as activity on standing.day = activity.day and standing.slice_id = activity.slice_id
left join orders_by_day as orders on standing.day = orders.day and standing.slice_id = orders.slice_id
left join answers_by_day as answers on standing.day = answers.day and standing.slice_id = answers.slice_id
left join starts on standing.day = starts.day and standing.slice_id = starts.slice_id
left join contacts on standing.day = contacts.day and standing.slice_id = contacts.slice_id
where
    standing.active_28d > 0
    or standing.customers_scored > 0
    or orders.day is not null
    or answers.day is not null
    or starts.day is not null
    or contacts.day is not null
order by standing.day, standing.slice_id
