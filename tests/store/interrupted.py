"""Run by a test as a program of its own: saves one rating, begins an import, and waits in its middle to be killed."""

import sys
import time

from progressions.ratings import LevelWrite, RatingDraft
from progressions.store import open_store
from tests.factories import NOW, a_key, staff_of


def main(database_url: str) -> None:
    """Prints "saved" after the commit of the one rating, then "writing" inside the open transaction."""
    store = open_store(database_url)
    with store.read_directory() as directory:
        (network,) = directory.networks()
    with store.write(staff_of(network)) as repository:
        version = repository.rubric_version("lea")
        assert version is not None
        repository.save_rating(a_key(), RatingDraft(2), base=0, version=version, by="Ana", now=NOW)
    print("saved", flush=True)
    with store.write(staff_of(network)) as repository:
        batch = repository.add_batch(file_name="f", sha256="aa", mapping="{}", counts="{}", by="Ana", now=NOW)
        rows = [LevelWrite(a_key(), 4, 1), LevelWrite(a_key("lea-2"), 1, 0), LevelWrite(a_key("lea-3"), 1, 0)]
        repository.save_levels(rows, batch_id=batch, by="Ana", now=NOW)
        print("writing", flush=True)
        time.sleep(120)


if __name__ == "__main__":
    main(sys.argv[1])
