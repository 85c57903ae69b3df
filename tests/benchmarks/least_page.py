"""The least that a page of Streamlit can be: a choice, and a line of text that follows it.

What it takes is Streamlit's own share, as it comes (`against`); `kviboard` serves its frontend in less.
"""

import streamlit as st

st.title("KVIs")
grain = st.segmented_control("Period", ["Week", "Month"], default="Week", key="choice-grain", required=True)
st.markdown(f"Shown per {grain.lower()}.")
