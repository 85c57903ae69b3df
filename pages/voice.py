"""Voice: what customers say, where, in which words, and what pulls their score."""

from kviboard.ui.forms.saving import draw_flash
from kviboard.ui.page import open_page
from kviboard.ui.views import draw_chosen_part
from kviboard.ui.voice.loop import draw_loop_forms
from kviboard.ui.voice.parts import CHOICES, PARTS, draw_lead

page = open_page("Voice", "What do customers say, and what pulls their score?", extra_choices=CHOICES)

draw_flash()
draw_lead(page)
draw_chosen_part(page, PARTS, "show")
draw_loop_forms()
