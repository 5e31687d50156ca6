"""Streamlit with its own sign-in, as its documentation shows it."""

import os

import requests
import streamlit as st

if not st.user.is_logged_in:
    st.write("Nobody is signed in.")
    st.button("Sign in", on_click=st.login)
    st.stop()

st.write(f"{st.user.name} {st.user.email}")
if st.button("Call the API"):
    st.json(requests.get(os.environ["API"], headers={"Authorization": f"Bearer {st.user.tokens['access']}"}, timeout=5).json())
st.button("Sign out", on_click=st.logout)
