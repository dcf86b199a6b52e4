"""This process's settings and store, read once: never in a cache that a visitor could clear."""

from functools import cache

from progressions.settings import Settings, read_settings
from progressions.store import Store, open_store


@cache
def settings() -> Settings:
    """The settings that this process was started with."""
    return read_settings()


def store() -> Store:
    """The store of this process; opening it again gives the same one."""
    return open_store(settings().database_url)
