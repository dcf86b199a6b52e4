"""How long the messages of a run wait for one another on their way to the browser.

Streamlit sends what a run has drawn in bundles, at most one each 5 ms. A tap in a hall is drawn in 5 to 6 ms: its last
messages mostly miss the second bundle and come with the third. Bundles each 2 ms took the median of a tap from 9 to
6 ms with 300 raters, and cost the processor nothing that could be measured. Streamlit offers no setting for it; this
module, and no other, changes its constant. ``tests/web/test_flushing.py`` holds a newer Streamlit to heeding it.
"""

from streamlit.runtime import runtime

CONSTANT = "MESSAGE_FLUSH_INTERVAL_SECS"
SECONDS = 0.002


def shorten() -> None:
    """From now on, for all pages of this process."""
    setattr(runtime, CONSTANT, SECONDS)
