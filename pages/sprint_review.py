"""Sprint review: open the sprint, close its review, on the big screen; the record, and what all of them say."""

from kviboard.ui.forms.saving import draw_flash
from kviboard.ui.reviews.forms import draw_review_forms
from kviboard.ui.reviews.history import draw_decisions, draw_history
from kviboard.ui.reviews.overview import draw_overview
from kviboard.ui.reviews.page import open_review
from kviboard.ui.reviews.presentation.meeting import draw_meeting
from kviboard.ui.reviews.stories import draw_stories

page = open_review()

if page.presenting and page.record:
    draw_meeting(page, page.record, page.presenting)
else:
    draw_flash()
    if page.view == "history":
        draw_history(page)
    elif page.view == "decisions":
        draw_decisions(page)
    else:
        draw_overview(page)
        draw_stories(page)
    draw_review_forms(page)
