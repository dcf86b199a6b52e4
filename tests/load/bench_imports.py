"""What a large import costs, against what it cannot do without: `make bench`.

Reading is compared with python-calamine reading the same cells; importing with a bare ``executemany`` of the same
rows into a copy of the same table. Each pair is measured in turn, three times or more; medians count. Peak memory is
of this process and of the reading children, each measured in a process of its own.
"""

import argparse
import csv
import io
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import python_calamine

from progressions.people import Access, Principal
from progressions.services import imports
from progressions.services.imports import Preview
from progressions.settings import ReadLimits
from progressions.store import Store, open_store
from tests import factories

HEADINGS = ("partnership code", "partnership", "convening date", "domain code", "level")
DOMAINS, CONVENINGS = 24, 40
PREVIEW_AT_MOST = 4.0  # times what reading the cells takes
IMPORT_AT_MOST = 3.0  # times what a bare executemany takes
LIMITS = ReadLimits(
    file_bytes=2**30, inflated_bytes=2**31, rows=2_000_000, cells=20_000_000, seconds=600, memory_bytes=2**32
)
_COMMAND = (sys.executable, "-m", "tests.load.bench_imports")

Row = tuple[str, str, date, str, int]


def rows(count: int) -> Iterator[Row]:
    """So many invented ratings, each of another domain, convening or partnership."""
    for index in range(count):
        partnership, rest = divmod(index, DOMAINS * CONVENINGS)
        convening, domain = divmod(rest, DOMAINS)
        day = date(1990, 1, 1) + timedelta(days=91 * convening)
        yield f"p{partnership:05d}", f"Partnership {partnership:05d}", day, f"lea-{domain + 1}", index * 7 % 4 + 1


def a_workbook(count: int) -> bytes:
    """A long sheet."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Ratings")
    for row in (HEADINGS, *rows(count)):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def a_csv(count: int) -> bytes:
    """The same rows as text."""
    target = io.StringIO(newline="")
    csv.writer(target).writerows([HEADINGS, *rows(count)])
    return target.getvalue().encode()


def a_store(folder: Path) -> tuple[Store, Principal]:
    """An empty network with one rubric."""
    store = open_store(f"sqlite:///{folder / 'store.sqlite3'}")
    network = factories.a_network(store)
    factories.a_published_rubric(store, network, factories.make_rubric(domains=DOMAINS))
    return store, Principal(1, "Sam", network, Access.STAFF)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds, and what the work gave."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def read_bare(content: bytes) -> None:
    """What the chosen reader needs merely to read the cells."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    book.get_sheet_by_index(0).to_python()


def write_bare(source: Path, target: Path) -> float:
    """Seconds that one ``executemany`` of the imported ratings takes in a copy of the database without them."""
    with closing(sqlite3.connect(source)) as full, closing(sqlite3.connect(target, isolation_level=None)) as empty:
        full.backup(empty)
        found = full.execute("SELECT * FROM ratings ORDER BY id").fetchall()
        for name in [n for (n,) in empty.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            empty.execute(f"DROP TRIGGER {name}")
        for table in ("rating_changes", "ratings"):
            empty.execute(f"DELETE FROM {table}")
        empty.execute("VACUUM")
        for pragma in ("foreign_keys = ON", "synchronous = FULL", "journal_mode = WAL"):
            empty.execute(f"PRAGMA {pragma}")
        return timed(lambda: _insert(empty, found))[0]


def _insert(connection: sqlite3.Connection, found: list[tuple[object, ...]]) -> None:
    marks = ",".join("?" * len(found[0]))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT INTO ratings VALUES ({marks})", found)
    connection.execute("COMMIT")


def measure(content: bytes, name: str, folder: Path) -> dict[str, float]:
    """Seconds of every step, once; memory in MB."""
    folder.mkdir()
    store, staff = a_store(folder)
    reading = timed(lambda: read_bare(content))[0] if name.endswith("xlsx") else float("nan")
    preview, shown = timed(lambda: imports.preview(store, staff, content, name, None, LIMITS))
    assert isinstance(shown, Preview)
    confirm, batch = timed(lambda: imports.confirm(store, staff, shown, factories.NOW))
    assert isinstance(batch, int)
    here, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    bare = write_bare(folder / "store.sqlite3", folder / "bare.sqlite3")
    undo, done = timed(lambda: imports.undo(store, staff, batch, factories.NOW))
    assert done.removed == shown.plan.counts.new  # type: ignore[attr-defined]
    store.close()
    return {
        "reading": reading,
        "preview": preview,
        "bare": bare,
        "confirm": confirm,
        "undo": undo,
        "memory": here,
        "child": child,
    }


def make(kind: str, count: int) -> None:
    """A file of so many ratings, on standard output."""
    sys.stdout.buffer.write(a_workbook(count) if kind == "xlsx" else a_csv(count))


def once(kind: str, count: int) -> None:
    """One measurement, printed as JSON for the process that asked for it.

    The file is made by another process: what making it takes would count as this one's peak, and as its children's.
    """
    content = subprocess.run([*_COMMAND, "--make", kind, "--rows", str(count)], stdout=subprocess.PIPE, check=True)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(content.stdout, f"past.{kind}", Path(folder) / "run")))


def in_own_process(kind: str, count: int) -> dict[str, float]:
    """A measurement whose peak of memory is its own."""
    answer = subprocess.run(
        [*_COMMAND, "--once", kind, "--rows", str(count)], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def report(kind: str, count: int, runs: int) -> bool:
    """Prints medians and ratios; whether they are within what is promised."""
    found = [in_own_process(kind, count) for _ in range(runs)]
    median = {name: statistics.median(run[name] for run in found) for name in found[0]}
    preview, confirm = median["preview"] / median["reading"], median["confirm"] / median["bare"]
    print(f"\n{count:,} ratings from {kind}, medians of {runs}")
    print(f"  reading the cells  {median['reading']:8.2f} s")
    print(f"  preview            {median['preview']:8.2f} s  {preview:5.2f} × reading (at most {PREVIEW_AT_MOST})")
    print(f"  bare executemany   {median['bare']:8.2f} s")
    print(f"  import             {median['confirm']:8.2f} s  {confirm:5.2f} × bare    (at most {IMPORT_AT_MOST})")
    print(f"  undo               {median['undo']:8.2f} s")
    print(f"  peak memory        {median['memory']:8.0f} MB, reading child {median['child']:.0f} MB")
    return confirm <= IMPORT_AT_MOST and not preview > PREVIEW_AT_MOST


def main() -> int:
    """0 where everything is within what is promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--million", action="store_true", help="1,000,000 ratings from csv too, once")
    parser.add_argument("--once", choices=("xlsx", "csv"), help=argparse.SUPPRESS)
    parser.add_argument("--make", choices=("xlsx", "csv"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make(options.make, options.rows)
        return 0
    if options.once:
        once(options.once, options.rows)
        return 0
    good = report("xlsx", options.rows, options.runs)
    if options.million:
        good = report("csv", 1_000_000, 1) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
