"""People: who belongs to the network, inviting them, what each may do."""

import streamlit as st

from progressions.web import guard, invitations, people_view

principal = guard.staff()

st.title("People", anchor=False)
invitations.keys_once(principal)
people_view.said()
invitations.form(principal)
people_view.draw(principal)
people_view.gone(principal)
