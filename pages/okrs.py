"""OKRs: the quarter on one page, driven by KVIs; the story of one objective; who supports whom."""

from kviboard.ui.forms.saving import draw_flash
from kviboard.ui.okrs.alignment import draw_alignment
from kviboard.ui.okrs.exchange import draw_exchange
from kviboard.ui.okrs.forms.drawer import draw_form
from kviboard.ui.okrs.page import open_okrs
from kviboard.ui.okrs.quarter import draw_quarter
from kviboard.ui.okrs.story import draw_story

page = open_okrs()

draw_flash()
if page.objective_id is not None:
    draw_story(page, page.objective_id)
elif page.view == "alignment":
    draw_alignment(page)
else:
    draw_quarter(page)
if page.objective_id is None:
    draw_exchange(page)
draw_form(page)
