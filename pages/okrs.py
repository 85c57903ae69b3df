"""OKRs: the quarter on one page, driven by KVIs; the story of one objective; who supports whom."""

from kviboard.ui.okr_alignment import draw_alignment
from kviboard.ui.okr_page import open_okrs
from kviboard.ui.okr_quarter import draw_quarter
from kviboard.ui.okr_saving import draw_told
from kviboard.ui.okr_sheets import draw_form
from kviboard.ui.okr_story_page import draw_story

page = open_okrs()

draw_told()
if page.objective_id is not None:
    draw_story(page, page.objective_id)
elif page.view == "alignment":
    draw_alignment(page)
else:
    draw_quarter(page)
draw_form(page)
