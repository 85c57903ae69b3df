"""Promoters: who recommends us, what they do differently, and what one more would be worth."""

from kviboard.ui.forms.saving import draw_flash
from kviboard.ui.page import open_page
from kviboard.ui.promoters.scores import draw_moved, draw_scores
from kviboard.ui.promoters.worth import draw_case, draw_loyalty
from kviboard.ui.views import draw_parts, folded_on_phone, is_lacking

page = open_page(
    "Promoters",
    "Who recommends us, and what would one more be worth?",
    extra_choices=("move", "lifted", "cost", "do", "of"),
)

draw_flash()
if not is_lacking("score_distribution"):
    loyalty = folded_on_phone("What they did next", draw_loyalty)
    case = folded_on_phone("What one more would be worth", draw_case)
    draw_parts(page, draw_scores, draw_moved, loyalty, case)
