"""Run by a test as several programs at once: opens a store and adds one network to it."""

import sys

from progressions.store import open_store
from tests.factories import a_network

if __name__ == "__main__":
    a_network(open_store(sys.argv[1]), code=sys.argv[2])
