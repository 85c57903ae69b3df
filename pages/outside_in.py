"""Outside-in: how far the customer reaches into how we work, from what people say, do and are paid for."""

import streamlit as st

from kviboard.ui.forms.saving import draw_flash
from kviboard.ui.outside_in.answering import draw_answering
from kviboard.ui.outside_in.balance import draw_balance
from kviboard.ui.outside_in.forms import draw_forms
from kviboard.ui.outside_in.page import open_outside_in
from kviboard.ui.outside_in.results import draw_results
from kviboard.ui.outside_in.rewards import draw_rewards
from kviboard.ui.outside_in.stage import draw_lead, draw_next, draw_signs

page = open_outside_in()

if page.answering:
    draw_answering(page)
else:
    draw_flash()
    draw_lead(page)
    said, shown = st.columns([4, 3], gap="large")
    with said:
        draw_results(page)
    with shown:
        draw_signs(page)
    draw_balance(page)
    draw_rewards(page)
    draw_next(page)
    draw_forms(page)
