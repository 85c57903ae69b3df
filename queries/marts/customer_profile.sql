-- one row per customer, as seen from the data's last day; revenue_12m as in customer_spending. band: of the score held
-- that day, else 'unscored'; lifecycle: 'new' in the first 90 days as a customer; then by the latest activity or
-- purchase 'active' (in the last 28 days that activity covers), 'at risk' (90) or 'lost' (longer ago, or never);
-- value_tier: of the customers with revenue in the last 12 months the 'top 10 %', the 'next 40 %' and the 'rest', to
-- which all others belong; of equals the first customer_id ranks higher. Without any order of anybody, orders and
-- revenue are unknown: empty, not 0; so are open tickets where no ticket says when it was closed.
-- customer_number: as in answers_in_turn
with
held_scores as (
    select
        score_periods.customer_id,
        score_periods.band
    from score_periods
    cross join data_days
    where score_periods.valid_from <= data_days.last_day and score_periods.valid_to > data_days.last_day
),

exported as (
    select count(*) > 0 as has_orders
    from orders
),

ends as (
    select count(closed_at) > 0 as are_known
    from tickets
),

open_tickets as (
    select
        customer_id,
        count(*) as tickets
    from tickets
    where closed_at is null
    group by customer_id
)

select
    customers.customer_id,
    customers.name,
    customers.acquisition,
    customers.slice_id,
    customer_starts.started_on,
    customer_orders.first_order_on,
    customer_orders.last_order_on,
    case when exported.has_orders then coalesce(customer_orders.orders, 0) end as orders,
    case when exported.has_orders then coalesce(customer_orders.revenue, 0) end as revenue,
    case when exported.has_orders then coalesce(customer_spending.revenue_12m, 0) end as revenue_12m,
    answers_in_turn.customer_number,
    answers_in_turn.score as last_score,
    answers_in_turn.day as last_answer_on,
    coalesce(held_scores.band, 'unscored') as band,
    customer_activity.last_active_on,
    coalesce(customer_activity.active_days_28, 0) as active_days_28,
    case when ends.are_known then coalesce(open_tickets.tickets, 0) end as open_tickets,
    case
        when customer_starts.started_on > data_days.last_day - 90 then 'new'
        when greatest(customer_activity.last_active_on, customer_orders.last_order_on) > data_days.active_until - 28
            then 'active'
        when greatest(customer_activity.last_active_on, customer_orders.last_order_on) > data_days.active_until - 90
            then 'at risk'
        else 'lost'
    end as lifecycle,
    case
        when customer_spending.spenders_above * 10 < customer_spending.spenders then 'top 10 %'
        when customer_spending.spenders_above * 2 < customer_spending.spenders then 'next 40 %'
        else 'rest'
    end as value_tier
from customers
cross join data_days
cross join exported
cross join ends
inner join customer_starts on customers.customer_id = customer_starts.customer_id
left join customer_orders on customers.customer_id = customer_orders.customer_id
left join customer_activity on customers.customer_id = customer_activity.customer_id
left join held_scores on customers.customer_id = held_scores.customer_id
left join answers_in_turn on customers.customer_id = answers_in_turn.customer_id and answers_in_turn.next_day is null
left join open_tickets on customers.customer_id = open_tickets.customer_id
left join customer_spending on customers.customer_id = customer_spending.customer_id
