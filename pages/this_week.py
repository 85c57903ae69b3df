"""This week: what changed, what misses its target, what is due, and what to leave alone."""

from kviboard.ui.page import open_page
from kviboard.ui.week.week import draw_week

draw_week(open_page("This week", whole_bar=False))
