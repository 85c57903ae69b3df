"""The only Streamlit in the package."""
