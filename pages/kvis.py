"""KVIs: one number at a time, where it stands, what moved it, whom it helps."""

import streamlit as st

from kviboard.board.kvis.looks import ON_KVIS
from kviboard.ui import session
from kviboard.ui.forms.saving import draw_flash
from kviboard.ui.kvis.decisions import draw_decisions
from kviboard.ui.kvis.goals import draw_goal_forms, draw_goals
from kviboard.ui.kvis.keeping import draw_said
from kviboard.ui.kvis.page import (
    chosen_kvi,
    draw_asked_in_vain,
    draw_comparison,
    draw_definition,
    draw_headline,
    draw_slices,
    draw_trend,
    draw_trouble,
    readable_view,
)
from kviboard.ui.kvis.rows import draw_rows
from kviboard.ui.kvis.voices import draw_voices
from kviboard.ui.kvis.why import draw_why
from kviboard.ui.kvis.workshop import draw_workshop, draw_workshop_links, is_workshop
from kviboard.ui.looking import note_looking
from kviboard.ui.page import open_page
from kviboard.ui.response_rate import draw_rate

page = open_page(
    "KVIs",
    "One number at a time: where it stands, what moved it, whom it helps",
    extra_choices=("kvi", "compare", "why", "why_in", "do", "of", "make"),
    has_bar=lambda: not is_workshop(),
)

draw_said()
if is_workshop():
    draw_workshop(page)
    st.stop()

catalogue, chart, definition = st.columns([1.5, 3.4, 1.2], gap="medium")
with catalogue:
    kvi = chosen_kvi(page)
    draw_workshop_links(kvi)
with chart:
    draw_flash()
    draw_asked_in_vain(page.board, kvi)
    view = readable_view(page, kvi)
    reading = session.readings(kvi.name, view)[0]
    note_looking(page.board, [kvi.name], ON_KVIS)
    if reading.trouble:
        draw_trouble(reading)
        st.stop()
    draw_headline(page, reading, view)
    if kvi.is_of_answers:
        draw_rate(view, is_nps=kvi.interval is not None and kvi.interval.kind == "nps")
    draw_trend(page, reading, view)
    draw_rows(reading, view)
    draw_voices(view)
    draw_why(page, kvi, view)
    draw_decisions(kvi)
    draw_goals(kvi)
    draw_slices(page, kvi, view)
    draw_comparison(page, kvi, view)
with definition:
    draw_definition(page, reading, view)

draw_goal_forms(kvi, view)
