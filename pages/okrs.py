"""OKRs: the quarter on one page, driven by KVIs; the story of one objective; who supports whom."""

from kviboard.ui.okr_page import draw_told, open_okrs
from kviboard.ui.okr_quarter import draw_quarter
from kviboard.ui.okr_sheets import draw_sheet

page = open_okrs()

draw_told()
draw_quarter(page)
draw_sheet(page)
