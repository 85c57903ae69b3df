"""The planted truths: every date, price and effect of the sample's story. How they act is left to the others."""

from datetime import UTC, date, datetime

SEED = 20261031

FIRST_DAY = date(2024, 5, 1)  # orders begin: net revenue retention needs 24 months of them
TOLD_FROM = date(2025, 5, 1)  # activity, responses and tickets begin
LAST_DAY = date(2026, 10, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
TOLD = (TOLD_FROM - FIRST_DAY).days  # index of TOLD_FROM

CUSTOMERS = 4_000
CUSTOMERS_AT_START = 2_180
JUST_SIGNED_UP = 2  # besides: they have not come by yet
SIGN_UP_YEARS_BEFORE = 4  # customers at the start joined in the four years before
SIGN_UP_SEASON = {10: 1.12, 11: 1.12, 12: 1.12, 1: 1.12, 6: 0.94, 7: 0.94, 8: 0.94}  # month -> factor

SEGMENTS = ("Households", "Small business", "Enterprise")
SEGMENT_SHARES = (0.68, 0.26, 0.06)
COUNTRIES = ("Netherlands", "Germany", "Belgium", "Denmark", "Ireland")
COUNTRY_SHARES = (0.45, 0.20, 0.17, 0.10, 0.08)
PLANS = ("Basic", "Plus", "Pro")
PLAN_SHARES = (0.45, 0.38, 0.17)
UNKNOWN = {"segment": 12, "country": 9, "plan": 7}  # customers whose export lacks the value
EARNED_SHARE = 0.35
ANNUAL_SHARES = (0.62, 0.40, 0.0)  # by segment; the others pay monthly
ANNUAL_MONTHS = 10  # a year costs ten months

MONTHLY_PRICES = ((9, 19, 29), (49, 89, 149), (150, 290, 490))  # EUR, by segment and plan
PRICE_CHANGE_ON = date(2026, 5, 1)
PRICE_CHANGE_SEGMENT = 1
NEW_PRICES = (59, 105, 175)
PRICE_CHANGE_SCORE_EFFECT = -1.4  # points on the 0-10 scale, on each answer of the segment from that day on
PRICE_CHANGE_LEAVE_MONTHLY = 0.012
PRICE_CHANGE_LEAVE_ANNUAL = 0.08

LIFT_ON = date(2026, 3, 4)
LIFT = 1.185  # on each customer's chance to come by on a day

SUMMER_DIP = ((7, 11), (8, 23), 0.92)  # month and day of first and last day, factor on daily use
CHRISTMAS_DIP = ((12, 24), (12, 26), 0.80)
WEEKDAYS_AT_HOME = (1.04, 0.98, 0.97, 0.98, 0.95, 0.99, 1.09)  # Monday first
WEEKDAYS_AT_WORK = (1.26, 1.24, 1.22, 1.20, 1.08, 0.48, 0.42)
GIFT_SEASON = {11: 1.25, 12: 1.65, 7: 0.9, 8: 0.9}  # month -> factor on add-on purchases

ADD_ONS = (  # name, EUR, share, somebody comes to install it, it comes by parcel
    ("Smart plug", 29, 0.36, False, True),
    ("Thermostat", 149, 0.20, True, True),
    ("Heat pump tuning", 189, 0.11, True, False),
    ("Solar check", 79, 0.15, False, False),
    ("Advice hour", 59, 0.18, False, False),
)
ADD_ON_QUANTITY = (1, 2, 4)  # by segment
REFUND_SHARE = 0.025

TOUCHPOINTS = ("Sign-up", "Support chat", "Delivery", "Installation visit")
TOUCHPOINT_MEANS = (8.9, 8.5, 8.7, 6.5)  # the visit disappoints
TOUCHPOINT_ANSWERED = (0.38, 0.36, 0.30, 0.42)

BOT_ON = date(2026, 7, 1)  # a chat bot answers first and asks for a score below its last words, where nobody looks
BOT_CHATS_DAILY = 0.006  # of each customer; nobody answers, so that the response rate at the support chat falls

WORKED_KVI, DID_NOT_KVI = "daily_active_users", "complaints_per_1000"  # of two responses to signals
CALLS_FROM = date(2026, 10, 12)  # answers of detractors since then are called back
CALLED_BACK_IN_TIME = 0.82  # talked with within two working days

ASPECTS = ("Value for money", "Ease of use", "Support")  # rated 1 to 5 beside the score of the relationship survey
ASPECT_MEANS = (3.4, 4.2, 3.8)  # at a score of 8
ASPECT_SLOPES = (0.34, 0.16, 0.02)  # per point of the score: what matters, and what hardly does
PRICE_CHANGE_VALUE_EFFECT = -0.6  # on value for money, in the segment with new prices

ASK_EVERY_DAYS = 120
NEVER_ANSWER = 0.13
COMPLAINTS_PER_1000_MONTHLY = 29.0  # constant: this one only wiggles
QUESTIONS_PER_COMPLAINT = 2.6
TICKET_DRAW = 1  # even pure noise raises a false alarm now and then; in this draw it does not
LATE_COMPLAINTS = date(2026, 9, 26), date(2026, 9, 28)  # taken on paper by telephone from one day to the other
LATE_COMPLAINTS_TYPED_IN = datetime(2026, 9, 30, 11, 30, tzinfo=UTC)  # after Sprint 36 was closed
