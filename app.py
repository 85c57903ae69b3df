"""Front door: the list of pages. Streamlit runs this file on every visit, then the page."""

import streamlit as st

from kviboard.ui.navigation import run_page

st.set_page_config(page_title="KVI Board", page_icon="📈", layout="wide")
run_page()
