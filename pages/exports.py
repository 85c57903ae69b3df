"""Exports and checks: can these numbers be trusted, how fresh are they, and what to do about it."""

import streamlit as st

from kviboard.ui.exports.page import draw_remarks, draw_standing, open_exports
from kviboard.ui.exports.refresh import draw_refresh, draw_versions
from kviboard.ui.exports.sources import cautioned, draw_sources
from kviboard.ui.exports.tables import draw_checks, draw_set_aside
from kviboard.ui.exports.upload import draw_upload

house = open_exports("Exports and checks", "Can these numbers be trusted, and how fresh are they?")

draw_standing(house, cautioned(house))
draw_refresh(house)
new_files = st.container(key="new-files")  # filled last: reading a new file takes a moment
draw_remarks(house)
draw_sources(house)
draw_set_aside(house)
draw_checks(house)
draw_versions(house)
with new_files:
    draw_upload(house)
