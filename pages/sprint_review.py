"""Sprint review: open the sprint, close its review, on the big screen; the record, and what all of them say."""

from kviboard.ui.meeting import draw_meeting
from kviboard.ui.okr_saving import draw_told
from kviboard.ui.review_desk import draw_desk
from kviboard.ui.review_forms import draw_review_forms
from kviboard.ui.review_history import draw_decisions, draw_history
from kviboard.ui.review_page import open_review

page = open_review()

if page.presenting and page.record:
    draw_meeting(page, page.record, page.presenting)
else:
    draw_told()
    if page.view == "history":
        draw_history(page)
    elif page.view == "decisions":
        draw_decisions(page)
    else:
        draw_desk(page)
    draw_review_forms(page)
