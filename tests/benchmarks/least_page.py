"""The least that a page of Streamlit can be: a choice, and a line of text that follows it.

What it takes is what no board of Streamlit can be quicker than (`against`).
"""

import streamlit as st

st.title("KVIs")
grain = st.segmented_control("Period", ["Week", "Month"], default="Week", key="choice-grain", required=True)
st.markdown(f"Shown per {grain.lower()}.")
