/*---
title: Active minutes per day
customer_benefit: Customers spend time with the product because it is worth their time.
company_value: Attention comes before money; minutes show whether new features are really used.
value: daily_average(active_minutes)
unit: number
better: up
needs: [activity.minutes]
judged: sprint
carries_over: true
range: [0, null]
group: customer
when_high: Customers spend more time with us than usual
when_low: Customers spend less time with us than usual
owner: Product leadership
decision: More minutes with fewer completed tasks are a burden, not a benefit; check both before celebrating.
description: Minutes of use of all customers on a day, averaged over the days of the period.
---*/
select * from daily
