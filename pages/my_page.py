"""My page: what waits for somebody, what others say to them, what they answer for and what they predicted."""

from kviboard.ui.people.page import open_my_page
from kviboard.ui.people.parts import draw_owned, draw_predictions, draw_said, draw_waiting

page = open_my_page()

draw_waiting(page)
draw_said(page)
draw_owned(page)
draw_predictions(page)
