"""An empty page: what Streamlit itself costs, to hold our screens against."""

import streamlit as st

st.set_page_config(page_title="Nothing", layout="wide")
st.text("Nothing")
