"""What happens at one moment: two writers, several programs, a program that is killed."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from progressions.errors import ChangedMeanwhileError
from progressions.people import Network
from progressions.ratings import LevelWrite, RatingDraft, RatingKey
from progressions.rubric import RubricVersion
from progressions.store import Store
from tests.factories import NOW, a_key, staff_of
from tests.plain_sql import PlainSql

PROJECT = Path(__file__).resolve().parents[2]
WRITERS = 6


def all_at_once(work: Callable[[int], None]) -> Counter[str]:
    """How many of the writers saved, and how many were told that somebody else had."""
    outcomes: Counter[str] = Counter()
    ready = threading.Barrier(WRITERS)

    def one(number: int) -> None:
        ready.wait()
        try:
            work(number)
        except ChangedMeanwhileError:
            outcomes["told"] += 1
        else:
            outcomes["saved"] += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("base", [0, 1])
def test_of_writers_with_the_same_base_one_saves_and_the_others_are_told(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql, base: int
) -> None:
    def save(evidence: str, base: int) -> None:
        with store.write(staff_of(network)) as repository:
            draft = RatingDraft(3, evidence)
            repository.save_rating(a_key(), draft, base=base, version=version, by="Ana", now=NOW)

    if base == 1:
        save("first", 0)
    assert all_at_once(lambda number: save(f"by {number}", base)) == {"saved": 1, "told": WRITERS - 1}
    assert sql.rows("SELECT row_version FROM ratings") == [(base + 1,)]
    assert sql.value("SELECT count(*) FROM rating_changes") == base + 1


def test_of_two_imports_of_the_same_rows_one_is_written(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    rows = [LevelWrite(a_key(domain), 2, 0) for domain in version.wordings]

    def bring_in(_: int) -> None:
        with store.write(staff_of(network)) as repository:
            batch = repository.add_batch(file_name="f", sha256="aa", mapping="{}", counts="{}", by="Ana", now=NOW)
            repository.save_levels(rows, batch_id=batch, by="Ana", now=NOW)

    assert all_at_once(bring_in) == {"saved": 1, "told": WRITERS - 1}
    assert sql.value("SELECT count(*) FROM ratings") == len(rows)
    assert sql.value("SELECT count(*) FROM batches") == 1


def test_writers_of_different_domains_all_save(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    places = [
        RatingKey(partnership, a_key().held_on, "lea", domain)
        for partnership in ("ash", "birch")
        for domain in version.wordings
    ]

    def save(number: int) -> None:
        with store.write(staff_of(network)) as repository:
            repository.save_rating(places[number], RatingDraft(1), base=0, version=version, by="Ana", now=NOW)

    assert all_at_once(save) == {"saved": WRITERS}
    assert sql.value("SELECT count(*) FROM ratings") == WRITERS


def test_a_program_killed_in_the_middle_of_an_import_leaves_nothing_half(
    store: Store, network: Network, version: RubricVersion, database_url: str, sql: PlainSql
) -> None:
    command = [sys.executable, "-m", "tests.store.interrupted", database_url]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "saved\n"
        assert program.stdout.readline() == "writing\n"
        program.kill()
    assert sql.rows("SELECT level, row_version FROM ratings") == [(2, 1)]
    assert sql.value("SELECT count(*) FROM rating_changes") == 1
    assert sql.value("SELECT count(*) FROM batches") == 0
    if sql.is_sqlite:
        assert sql.value("PRAGMA integrity_check") == "ok"
    with store.write(staff_of(network)) as repository:  # the next save needs no repair
        saved = repository.save_rating(a_key(), RatingDraft(3), base=1, version=version, by="Ben", now=NOW)
    assert saved.row_version == 2


def test_programs_that_start_at_once_on_a_new_database_all_work(empty_database_url: str) -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.store.opener", empty_database_url, f"network-{number}"],
            cwd=PROJECT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    failures = [program.communicate(timeout=120)[1] for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0], failures
    plain = PlainSql(empty_database_url)
    assert plain.value("SELECT count(*) FROM networks") == 3
    assert plain.value("SELECT count(*) FROM alembic_version") == 1
