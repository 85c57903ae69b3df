-- The yardstick of the refresh: the shortest script that makes, from the generated exports, the tables that the board's
-- pages read. As the board's own: the same days, the same rules, a row for a row (tests/benchmarks/refresh.py compares
-- them). It trusts the exports: no rejected rows, no ledger, no checks, no versions, no customers whom no list knows, no
-- other settings, no themes, no copies of the exports themselves, and no table that only helps to make another (temp). {exports} is their folder.
create temp table people as
select customer_id, segment, country, plan, signed_up_on, acquisition from '{exports}/customers.parquet';

create table customer_days as
select
    customer_id, day, events, minutes,
    day - lag(day) over mine as days_since_active, lead(day) over mine - day as days_until_active
from (
    select customer_id, cast(occurred_at as date) as day, count(*) as events, sum(minutes) as minutes
    from '{exports}/activity-*.parquet'
    group by all
)
window mine as (partition by customer_id order by day);

create table activity_by_day as
select
    day, segment, country, plan, count(*) as active_customers, sum(minutes) as active_minutes,
    count(*) filter (coalesce(days_since_active, 99) >= 7) as opened_7d,
    count(*) filter (days_until_active >= 7) as ended_7d,
    count(*) filter (coalesce(days_since_active, 99) >= 28) as opened_28d,
    count(*) filter (days_until_active >= 28) as ended_28d
from customer_days inner join people using (customer_id)
group by all;

create temp table last_days as
select day, segment, country, plan, count(*) as customers
from customer_days inner join people using (customer_id)
where days_until_active is null
group by all;

create table scored_responses as
select
    response_id, customer_id, segment, country, plan, cast(responded_at as date) as day, responded_at, score,
    case when score >= 9 then 'promoter' when score >= 7 then 'passive' else 'detractor' end as band,
    true as counts_for_nps
from '{exports}/responses.parquet' inner join people using (customer_id);

create table answers_by_day as
select
    day, segment, country, plan, count(*) as responses, count(*) as nps_responses,
    count(*) filter (band = 'promoter') as promoters, count(*) filter (band = 'passive') as passives,
    count(*) filter (band = 'detractor') as detractors, count(*) filter (score >= 8) as very_satisfied,
    sum(score) as score_sum, sum(score * score) as score_sum_squares
from scored_responses
group by all;

create table answers_in_turn as
select
    customer_id, segment, country, plan, day, answer.score, answer.band,
    lead(day) over (partition by customer_id order by day) as next_day
from (
    select
        customer_id, segment, country, plan, day,
        arg_max({{'score': score, 'band': band}}, (responded_at, response_id)) as answer
    from scored_responses
    group by all
);

create table score_periods as
select
    customer_id, score, band, day as valid_from, least(coalesce(next_day, day + 365), day + 365) as valid_to
from answers_in_turn;

create table scored_orders as
select
    order_id, sold.customer_id, segment, country, plan, day, amount, product, is_purchase, score,
    coalesce(band, 'unscored') as band, case when is_purchase then next_day - day end as days_to_next_order
from (
    select
        order_id, customer_id, amount, product, cast(ordered_at as date) as day, amount >= 0 as is_purchase,
        min(cast(ordered_at as date)) over (
            partition by customer_id, amount >= 0 order by cast(ordered_at as date)
            range between interval 1 day following and unbounded following
        ) as next_day
    from '{exports}/orders.parquet'
) as sold
inner join people using (customer_id)
left join score_periods on sold.customer_id = score_periods.customer_id and day >= valid_from and day < valid_to;

create table orders_by_day as
select
    day, segment, country, plan, count(*) filter (is_purchase) as orders,
    count(*) filter (is_purchase) as orders_of_customers,  -- the generated shop knows all its buyers
    count(distinct customer_id) filter (is_purchase) as ordering_customers, sum(amount) as revenue,
    sum(amount) as revenue_of_customers,
    coalesce(sum(amount) filter (score >= 8), 0) as eight_plus_revenue,
    coalesce(sum(amount) filter (band = 'promoter'), 0) as promoter_revenue,
    coalesce(sum(amount) filter (band = 'passive'), 0) as passive_revenue,
    coalesce(sum(amount) filter (band = 'detractor'), 0) as detractor_revenue,
    coalesce(sum(amount) filter (band <> 'unscored'), 0) as scored_revenue,
    coalesce(sum(amount) filter (band = 'unscored'), 0) as unscored_revenue,
    count(*) filter (days_to_next_order <= 90) as orders_followed_90d
from scored_orders
group by all;

create temp table contacts as
select ticket_id, customer_id, segment, country, plan, cast(opened_at as date) as day, closed_at, kind
from '{exports}/tickets.parquet' inner join people using (customer_id);

create temp table data_days as
select min(day) as first_day, max(day) as last_day
from (select day from activity_by_day union all select day from orders_by_day union all select day from contacts);

create temp table pieces as
select day, segment, country, plan, active_customers, active_minutes, opened_7d as active_7d, opened_28d as active_28d
from activity_by_day
union all by name
select day + 7 as day, segment, country, plan, -ended_7d as active_7d from activity_by_day where ended_7d > 0
union all by name
select day + 28 as day, segment, country, plan, -ended_28d as active_28d from activity_by_day where ended_28d > 0
union all by name
select day + 7 as day, segment, country, plan, -customers as active_7d from last_days
union all by name
select day + 28 as day, segment, country, plan, -customers as active_28d from last_days
union all by name
select
    valid_from as day, segment, country, plan, count(*) as customers_scored, count(*) filter (score >= 8) as customers_8plus
from score_periods inner join people using (customer_id) group by all
union all by name
select
    valid_to as day, segment, country, plan, -count(*) as customers_scored, -count(*) filter (score >= 8) as customers_8plus
from score_periods inner join people using (customer_id) group by all
union all by name
select
    signed_up_on as day, segment, country, plan, count(*) as new_customers,
    count(*) filter (acquisition = 'earned') as earned_customers
from people group by all
union all by name
select day, segment, country, plan, count(*) as tickets, count(*) filter (kind = 'complaint') as complaints
from contacts group by all
union all by name
from answers_by_day
union all by name
from orders_by_day;

create table daily as
with
grid as (
    select cast(day as date) as day, segment, country, plan
    from (select unnest(generate_series(first_day, last_day, interval 1 day)) as day from data_days)
    cross join (select distinct segment, country, plan from people)
),
summed as (select day, segment, country, plan, sum(columns(* exclude (day, segment, country, plan))) from pieces group by all),
filled as (
    select day, segment, country, plan, coalesce(columns(summed.* exclude (day, segment, country, plan)), 0)
    from grid left join summed using (day, segment, country, plan)
),
counted as (
    select
        * replace (
            sum(active_7d) over so_far as active_7d, sum(active_28d) over so_far as active_28d,
            sum(customers_scored) over so_far as customers_scored, sum(customers_8plus) over so_far as customers_8plus
        )
    from filled
    window so_far as (partition by segment, country, plan order by day)
)
select * from counted
where active_28d + customers_scored + orders + abs(revenue) + responses + new_customers + tickets > 0
order by day;

create table comments as
select
    response_id, customer_id, segment, country, plan, cast(responded_at as date) as day, responded_at, score,
    case when score >= 9 then 'promoter' when score >= 7 then 'passive' else 'detractor' end as band,
    touchpoint, comment, ' ' || regexp_replace(
        regexp_replace(lower(comment), '[.!?;:,()"“”–—\n\r]+', ' . ', 'g'), '[^\p{{L}}\p{{M}}\p{{N}}''.]+', ' ', 'g'
    ) || ' ' as words
from '{exports}/responses.parquet' inner join people using (customer_id)
where comment <> '';

create table answers_by_group as
select
    day, segment, country, plan, group_kind, group_name, count(*) as responses,
    count(*) filter (score >= 9) as promoters, count(*) filter (score between 7 and 8) as passives,
    count(*) filter (score < 7) as detractors
from (
    select
        cast(responded_at as date) as day, segment, country, plan, 'touchpoint' as group_kind, touchpoint as group_name,
        score
    from '{exports}/responses.parquet' inner join people using (customer_id)
    union all
    select answers.day, answers.segment, answers.country, answers.plan, groups.kind, groups.name, answers.score
    from scored_responses as answers
    asof inner join (
        select customer_id, day, arg_max(product, order_id) as product
        from scored_orders where is_purchase group by all
    ) as bought on answers.customer_id = bought.customer_id and answers.day >= bought.day
    cross join lateral (values ('product', bought.product), ('bought', '')) as groups (kind, name)
    where bought.day > answers.day - 90
)
group by all
order by all;

create table invitations_answered as
with
asked as (
    select *, lead(invited_at) over mine as next_invited_at, row_number() over mine as turn
    from '{exports}/invitations.parquet'
    window mine as (partition by customer_id, survey, touchpoint order by invited_at)
),
answered as (
    select distinct customer_id, survey, touchpoint, turn
    from asked inner join '{exports}/responses.parquet' as answers using (customer_id, survey, touchpoint)
    where responded_at >= invited_at and (next_invited_at is null or responded_at < next_invited_at)
    and cast(responded_at as date) <= cast(invited_at as date) + 14
)
select
    dense_rank() over (order by asked.customer_id) as customer_number, cast(invited_at as date) as day, segment,
    country, plan, survey, touchpoint, coalesce(band, 'unscored') as band_before,
    case when answered.turn is null then 0 else 1 end as answered,
    cast(invited_at as date) + 14 <= (select max(day) from scored_responses) as is_over
from asked
inner join people using (customer_id)
left join answered using (customer_id, survey, touchpoint, turn)
left join score_periods on asked.customer_id = score_periods.customer_id
and cast(invited_at as date) - 1 >= valid_from and cast(invited_at as date) - 1 < valid_to
order by day, customer_number;

create table customer_order_days as
select
    customer_id, day, bool_or(is_purchase) as is_purchase,
    coalesce(sum(amount) filter (is_purchase), 0) as purchased, sum(amount) as revenue
from scored_orders
group by all
order by customer_id, day;

create table ordering_customers as
select period_from, day, segment, country, plan, count(*) as customers
from (
    select day, segment, country, plan, lag(day) over (partition by customer_id order by day) as day_before
    from customer_order_days inner join people using (customer_id)
    where is_purchase
)
inner join (
    select distinct
        day,
        unnest([day, date_trunc('week', day), date_trunc('month', day), date_trunc('quarter', day)])::date as period_from
    from customer_order_days
) using (day)
where coalesce(day_before < period_from, true)
group by all;

create temp table customer_orders as
select
    customer_id, min(day) filter (is_purchase) as first_order_on, max(day) filter (is_purchase) as last_order_on,
    count(*) filter (is_purchase) as orders, sum(amount) as revenue
from scored_orders
group by all;

create temp table customer_periods as
select
    customer_id, segment, country, plan, 'month' as grain, date_trunc('month', day) as period,
    count(*) filter (is_purchase) as orders, sum(amount) as revenue
from scored_orders
group by all
union all
select
    customer_id, segment, country, plan, 'quarter', date_trunc('quarter', day), count(*) filter (is_purchase), sum(amount)
from scored_orders
group by all;

create table revenue_bridge as
with
moves as (
    select customer_id, segment, country, plan, grain, period, revenue as revenue_now, 0 as revenue_before
    from customer_periods
    union all by name
    select
        customer_id, segment, country, plan, grain,
        period + case grain when 'month' then interval 1 month else interval 3 month end as period,
        0 as revenue_now, revenue as revenue_before
    from customer_periods
    qualify period < max(period) over (partition by grain)
),
changes as (
    select
        customer_id, segment, country, plan, grain, period, sum(revenue_before) as revenue_before,
        sum(revenue_now) as revenue_now, greatest(sum(revenue_now), 0) - greatest(sum(revenue_before), 0) as difference,
        least(sum(revenue_now), 0) - least(sum(revenue_before), 0) as refunds
    from moves
    group by all
),
kinds as (
    select
        changes.*, case
            when difference > 0 and signed_up_on >= (select min(day) from scored_orders)
            and date_trunc(grain, first_order_on) = period then 'new'
            when difference > 0 and revenue_before <= 0 then 'reactivated'
            when difference > 0 then 'expansion'
            when difference < 0 and revenue_now <= 0 then 'lost'
            when difference < 0 then 'contraction'
        end as kind
    from changes inner join people using (customer_id) inner join customer_orders using (customer_id)
)
select
    grain, cast(period as date) as period, segment, country, plan, sum(revenue_before) as opening,
    coalesce(sum(difference) filter (kind = 'new'), 0) as new,
    coalesce(sum(difference) filter (kind = 'expansion'), 0) as expansion,
    coalesce(-sum(difference) filter (kind = 'contraction'), 0) as contraction,
    coalesce(-sum(difference) filter (kind = 'lost'), 0) as lost,
    coalesce(sum(difference) filter (kind = 'reactivated'), 0) as reactivated,
    sum(refunds) as refunds, sum(revenue_now) as closing
from kinds
group by all;

create table cohorts as
with
happened as (
    select segment, country, plan, date_trunc('month', signed_up_on) as cohort_month, month, * exclude (customer_id, month)
    from (
        select customer_id, date_trunc('month', day) as month, 1 as active, 0 as ordering, 0 as revenue
        from customer_days
        group by all
        union all
        select customer_id, period, 0, cast(orders > 0 as integer), revenue
        from customer_periods where grain = 'month'
    ) inner join people using (customer_id)
),
summed as (
    select
        cohort_month, segment, country, plan, month, sum(active) as active, sum(ordering) as ordering,
        sum(revenue) as revenue
    from happened
    group by all
),
members as (
    select date_trunc('month', signed_up_on) as cohort_month, segment, country, plan, count(*) as customers
    from people
    group by all
)
select
    cast(cohort_month as date) as cohort_month, date_diff('month', cohort_month, month) as month_number,
    segment, country, plan, customers, coalesce(active, 0) as active, coalesce(ordering, 0) as ordering,
    coalesce(revenue, 0) as revenue
from members
inner join (
    select unnest(generate_series(date_trunc('month', first_day), last_day, interval 1 month)) as month from data_days
) as months on cohort_month <= month
left join summed using (cohort_month, segment, country, plan, month);

create table repeated_answers as
select
    dense_rank() over (order by customer_id) as customer_number, segment, country, plan, day, touchpoint, score, points,
    counts_towards_scores, least(coalesce(days_since, days_until), coalesce(days_until, days_since)) as days_apart
from (
    select
        customer_id, segment, country, plan, cast(responded_at as date) as day, coalesce(touchpoint, '') as touchpoint,
        score, case when score >= 9 then 1 when score < 7 then -1 else 0 end as points,
        true as counts_towards_scores,
        cast(responded_at as date) - lag(cast(responded_at as date)) over mine as days_since,
        lead(cast(responded_at as date)) over mine - cast(responded_at as date) as days_until
    from '{exports}/responses.parquet' inner join people using (customer_id)
    window mine as (partition by customer_id order by responded_at)
)
where days_since is not null or days_until is not null;

create table loyalty_by_band as
with
purchases as (
    select customer_id, day, day = min(day) over (partition by customer_id, product) as is_new_product
    from scored_orders where is_purchase
),
moments as (
    select 'answer' as kind, response_id as moment_id, customer_id, segment, country, plan, band, day
    from scored_responses
    union all
    select 'complaint', ticket_id, customer_id, segment, country, plan, band, day
    from contacts inner join score_periods using (customer_id)
    where kind = 'complaint' and day >= valid_from and day < valid_to
),
aftermaths as (
    select
        kind, moment_id, moments.customer_id, segment, country, plan, band,
        moments.day + 180 <= last_day as is_180d_over,
        count(*) filter (purchases.day <= moments.day + 90) > 0 as bought_in_90d,
        count(*) filter (is_new_product) > 0 as bought_new_in_180d
    from moments
    inner join (select max(day) as last_day from orders_by_day) on moments.day + 90 <= last_day
    left join purchases on moments.customer_id = purchases.customer_id
    and purchases.day > moments.day and purchases.day <= moments.day + 180
    group by all
)
select
    segment, country, plan, band, sum(answers_90d) as answers_90d, sum(bought_again_90d) as bought_again_90d,
    sum(answers_180d) as answers_180d, sum(bought_new_180d) as bought_new_180d, sum(complaints_90d) as complaints_90d,
    sum(forgave_90d) as forgave_90d,
    sum(answers_90d * (answers_90d - 1)) as pairs_90d, sum(bought_again_90d * (answers_90d - 1)) as pair_sum_90d,
    sum(bought_again_90d * (bought_again_90d - 1)) as pair_products_90d, sum(greatest(answers_90d - 1, 0)) as again_90d,
    sum(answers_180d * (answers_180d - 1)) as pairs_180d, sum(bought_new_180d * (answers_180d - 1)) as pair_sum_180d,
    sum(bought_new_180d * (bought_new_180d - 1)) as pair_products_180d, sum(greatest(answers_180d - 1, 0)) as again_180d,
    sum(complaints_90d * (complaints_90d - 1)) as pairs_complaints, sum(forgave_90d * (complaints_90d - 1)) as pair_sum_complaints,
    sum(forgave_90d * (forgave_90d - 1)) as pair_products_complaints, sum(greatest(complaints_90d - 1, 0)) as again_complaints
from (
    select
        segment, country, plan, band, customer_id, count(*) filter (kind = 'answer') as answers_90d,
        count(*) filter (kind = 'answer' and bought_in_90d) as bought_again_90d,
        count(*) filter (kind = 'answer' and is_180d_over) as answers_180d,
        count(*) filter (kind = 'answer' and is_180d_over and bought_new_in_180d) as bought_new_180d,
        count(*) filter (kind = 'complaint') as complaints_90d,
        count(*) filter (kind = 'complaint' and bought_in_90d) as forgave_90d
    from aftermaths
    group by all
)
group by all
order by all;

create table retention_12m as
with
spans as (
    select
        day, cast(day + 1 - interval 12 month as date) as last_from, cast(day + 1 - interval 24 month as date) as prior_from
    from (
        select first_day, least(cast(month + interval 1 month as date) - 1, last_day) as day
        from (
            select first_day, last_day, unnest(generate_series(date_trunc('month', first_day), last_day, interval 1 month))
                as month
            from (select min(day) as first_day, max(day) as last_day from orders_by_day)
        )
    )
    where day + 1 - interval 24 month >= first_day
),
windows as (
    select
        spans.day, last_from, customer_id, segment, country, plan, bool_or(orders.day < last_from) as is_prior,
        coalesce(sum(amount) filter (orders.day >= last_from), 0) as last_revenue,
        coalesce(sum(amount) filter (orders.day < last_from), 0) as prior_revenue,
        count(*) filter (is_purchase and orders.day >= last_from) as last_orders,
        count(*) filter (is_purchase and orders.day < last_from) as prior_orders
    from spans inner join scored_orders as orders on orders.day between prior_from and spans.day
    group by all
)
select
    day, segment, country, plan, sum(last_revenue) as revenue_12m, count(*) filter (last_orders > 0) as customers_12m,
    sum(prior_revenue) as prior_revenue, count(*) filter (prior_orders > 0) as prior_customers,
    coalesce(sum(last_revenue) filter (is_prior), 0) as retained_revenue,
    count(*) filter (last_orders > 0 and prior_orders > 0) as retained_customers,
    coalesce(sum(last_revenue) filter (acquisition = 'earned' and first_order_on >= last_from), 0) as earned_revenue
from windows
inner join (select customer_id, acquisition, first_order_on from people inner join customer_orders using (customer_id))
    using (customer_id)
group by all
order by all;

create table last_complete_year as
select
    ends_before, cast(ends_before - interval 12 month as date) as starts_on,
    cast(ends_before - interval 24 month as date) as before_from, first_day <= before_from as is_before_covered
from (
    select min(day) as first_day, cast(date_trunc('month', max(day) + 1) as date) as ends_before from orders_by_day
)
where first_day <= starts_on;

create table band_revenue as
with
spending as (
    select
        customer_id, coalesce(sum(amount) filter (day >= starts_on), 0) as revenue,
        coalesce(sum(amount) filter (day < starts_on), 0) as revenue_before
    from scored_orders inner join last_complete_year on day >= before_from and day < ends_before
    group by all
),
ranked as (
    select
        *, row_number() over (partition by revenue_before > 0 order by revenue_before desc, customer_id) - 1 as place,
        count(*) over (partition by revenue_before > 0) as spenders
    from spending
)
select
    basis, customer_id, segment, country, plan, answer as band, case
        when coalesce(revenue_before, 0) <= 0 then 'no revenue'
        when place * 10 < spenders then 'top 10 %'
        when place * 2 < spenders then 'next 40 %'
        else 'rest'
    end as value_tier, coalesce(revenue, 0) as revenue
from (
    select basis, customer_id, segment, country, plan, arg_max(band, (responded_at, response_id)) as answer
    from scored_responses
    inner join (
        select unnest(['prospective', 'at_the_end']) as basis, unnest([starts_on, ends_before]) - 1 as until
        from last_complete_year
    ) on until >= day and until < day + 365
    group by all
)
left join ranked using (customer_id);

create table customer_spending as
select
    customer_id, revenue_12m, case when revenue_12m > 0 then row_number() over highest_first - 1 end as spenders_above,
    case when revenue_12m > 0 then count(*) over (partition by revenue_12m > 0) end as spenders
from (
    select customer_id, sum(amount) as revenue_12m
    from scored_orders cross join (select max(day) as last_day from orders_by_day)
    where day >= cast(last_day + 1 - interval 12 month as date)
    group by all
)
window highest_first as (partition by revenue_12m > 0 order by revenue_12m desc, customer_id);

create table customer_starts as
select customer_id, segment, country, plan, signed_up_on as started_on, acquisition = 'earned' as is_earned from people;

create table customer_profile as
select
    people.customer_id, acquisition, segment, country, plan, signed_up_on as started_on, first_order_on, last_order_on,
    coalesce(orders, 0) as orders, coalesce(revenue, 0) as revenue, coalesce(revenue_12m, 0) as revenue_12m,
    last_score, last_answer_on, coalesce(score_periods.band, 'unscored') as band, last_active_on,
    coalesce(active_days_28, 0) as active_days_28, coalesce(open_tickets, 0) as open_tickets,
    case
        when signed_up_on > last_day - 90 then 'new'
        when greatest(last_active_on, last_order_on) > last_day - 28 then 'active'
        when greatest(last_active_on, last_order_on) > last_day - 90 then 'at risk'
        else 'lost'
    end as lifecycle,
    case
        when spenders_above * 10 < spenders then 'top 10 %'
        when spenders_above * 2 < spenders then 'next 40 %'
        else 'rest'
    end as value_tier
from people
cross join data_days
left join customer_orders using (customer_id)
left join customer_spending using (customer_id)
left join (
    select customer_id, max(day) as last_active_on, count(*) filter (day > last_day - 28) as active_days_28
    from customer_days cross join data_days group by all
) using (customer_id)
left join (select customer_id, day as last_answer_on, score as last_score from answers_in_turn where next_day is null)
    using (customer_id)
left join (select customer_id, count(*) as open_tickets from contacts where closed_at is null group by all)
    using (customer_id)
left join score_periods
    on people.customer_id = score_periods.customer_id and last_day >= valid_from and last_day < valid_to;

create table customers_at_risk as
with
recent as (
    select
        customer_id, count(*) filter (day > last_day - 28) as active_days,
        count(*) filter (day <= last_day - 28) as active_days_before
    from customer_days cross join data_days
    where day > last_day - 56
    group by all
),
answers as (
    select
        customer_id, score, lead(score) over mine as score_before,
        case band when 'detractor' then 0 when 'passive' then 1 else 2 end as height, lead(height) over mine as height_before
    from scored_responses
    window mine as (partition by customer_id order by responded_at desc, response_id desc)
    qualify row_number() over mine = 1
),
signs as (
    select
        customer_id, segment, country, plan, revenue_12m, score_before,
        coalesce(active_days_before, 0) as active_days_before, lifecycle = 'at risk' as is_quiet,
        coalesce(active_days_before >= 4 and active_days * 2 <= active_days_before, false) as use_halved,
        coalesce(band <> 'unscored' and height < height_before, false) as score_fell,
        customer_id in (select customer_id from contacts where closed_at is null and kind = 'complaint') as complaint_open
    from customer_profile
    left join recent using (customer_id)
    left join answers using (customer_id)
    where lifecycle <> 'lost'
)
select * from signs where is_quiet or use_halved or score_fell or complaint_open;

create table customer_ranking as
select
    row_number() over (order by coalesce(risk.revenue_12m, 0) desc, profile.revenue_12m desc, customer_id) as risk_rank,
    customer_id, profile.segment, profile.country, profile.plan, date_trunc('month', started_on) as joined_in, lifecycle,
    value_tier, band, coalesce(is_quiet, false) as is_quiet, coalesce(use_halved, false) as use_halved,
    coalesce(score_fell, false) as score_fell, coalesce(complaint_open, false) as complaint_open
from customer_profile as profile left join customers_at_risk as risk using (customer_id)
order by risk_rank;
