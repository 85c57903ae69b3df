"""This week: real changes first, then what misses its target, then what to leave alone."""

import streamlit as st

from kviboard.ui.look import quiet, text
from kviboard.ui.page import open_page
from kviboard.ui.tiles import draw_table, draw_wall
from kviboard.ui.week import arrivals, read_week

page = open_page("This week", "What really changed for customers, and what to leave alone", slices=False)
st.markdown(f'<p class="kvi-vision">{text(page.board.workspace.company.vision)}</p>', unsafe_allow_html=True)

week = read_week(page)

st.subheader("Signals", anchor=False)
if week.signals:
    draw_wall(week.signals)
else:
    st.markdown(quiet("No signals: nothing changed beyond normal variation. Leave the system alone."), unsafe_allow_html=True)

st.subheader("Below target, predictable", anchor=False)
if week.below_target:
    st.markdown(quiet("Normal variation will not reach these targets: they need a better system, not a chase."), unsafe_allow_html=True)
    draw_wall(week.below_target)
else:
    st.markdown(quiet("No KVI predictably misses its target."), unsafe_allow_html=True)

st.subheader("Within normal variation", anchor=False)
if week.normal:
    draw_table(week.normal, "KVIs to leave alone: their ups and downs are the usual ones")
else:
    st.markdown(quiet("No KVI is within normal variation."), unsafe_allow_html=True)

st.subheader("How far the data reaches", anchor=False)
st.markdown(arrivals(page.board), unsafe_allow_html=True)
