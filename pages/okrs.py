"""OKRs: the quarter on one page, driven by KVIs; the story of one objective; who supports whom."""

from kviboard.ui.okr_page import open_okrs
from kviboard.ui.okr_quarter import draw_quarter

page = open_okrs()

draw_quarter(page)
