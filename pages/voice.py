"""Voice: what customers say, where, in which words, and what pulls their score."""

from kviboard.ui.page import open_page
from kviboard.ui.voice.parts import CHOICES, draw_lead, draw_part

page = open_page("Voice", "What do customers say, and what pulls their score?", extra_choices=CHOICES)

draw_lead(page)
draw_part(page)
