"""Exports and checks: can these numbers be trusted, how fresh are they, and what to do about it."""

import streamlit as st

from kviboard.ui.exports.page import draw_decisions, draw_remarks, draw_standing, open_exports
from kviboard.ui.exports.refresh import draw_refresh, draw_versions
from kviboard.ui.exports.sources import cautioned, draw_sources
from kviboard.ui.exports.tables import draw_checks, draw_set_aside
from kviboard.ui.exports.upload import draw_upload

page = open_exports("Exports and checks", "Can these numbers be trusted, and how fresh are they?")

draw_standing(page, cautioned(page))
draw_refresh(page)
new_files = st.container(key="new-files")  # filled last: reading a new file takes a moment
draw_remarks(page)
draw_decisions(page)
draw_sources(page)
draw_set_aside(page)
draw_checks(page)
draw_versions(page)
with new_files:
    draw_upload(page)
