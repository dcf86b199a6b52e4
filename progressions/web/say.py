"""What went wrong, said to the person: one place, so that text from a file is always escaped on its way out."""

import streamlit as st

from progressions.errors import UserError
from progressions.web.wording import plain


def refused(problem: UserError, before: str = "") -> None:
    """A sentence that was written for the person; ``before`` says what it means for them."""
    st.error(f"{before}{plain(str(problem))}", icon=":material/error:")


def unavailable(problem: UserError) -> None:
    """Something that is not there for this person."""
    st.warning(plain(str(problem)), icon=":material/block:")
