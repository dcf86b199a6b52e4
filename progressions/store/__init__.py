"""Tables, transactions and queries, alike on SQLite and PostgreSQL. Nothing outside this folder knows SQL."""

from progressions.store.directory import Directory
from progressions.store.engine import Store, open_store
from progressions.store.repository import Repository

__all__ = ["Directory", "Repository", "Store", "open_store"]
