"""In the meeting, on a phone: what everybody is asked now, answered unseen by the others."""

from kviboard.ui.reviews.phone import draw_phone, open_phone

draw_phone(open_phone())
