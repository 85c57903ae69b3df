"""In the meeting, on a phone: what everybody is asked now, answered unseen by the others."""

from kviboard.ui.reviews.phone.drawing import draw_phone
from kviboard.ui.reviews.phone.opening import open_phone

draw_phone(open_phone())
