"""What Streamlit reads anew at every run, read once: the settings of its themes.

Each run begins with a message that holds the whole theme again, for which Streamlit walks through all of its settings
six times: an eighth of what a tap in a hall costs the server. A served application's settings do not change. Streamlit
offers no way to say so; this module, and no other, puts a memory before those two functions of its.
``tests/web/test_steady_config.py`` holds a newer Streamlit to sending the same theme as without it.
"""

from functools import lru_cache

from streamlit import config
from streamlit.runtime import app_session

MOST_NAMES = 1_000  # of sections and options: a few hundred exist


def keep() -> None:
    """Has themes read once, from now on. Not where files are watched: whoever does that is trying another theme."""
    if config.get_option("server.fileWatcherType") != "none" or hasattr(config.get_options_for_section, "cache_info"):
        return
    config.get_options_for_section = lru_cache(MOST_NAMES)(config.get_options_for_section)
    app_session.to_snake_case = lru_cache(MOST_NAMES)(app_session.to_snake_case)  # type: ignore[attr-defined]
