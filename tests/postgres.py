"""A PostgreSQL server of the tests' own: on loopback, in a temporary folder, gone when the tests end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.ports import free_port

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: place.parent.name, reverse=True)
START_SECONDS = 180
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "32MB",
    # The server is thrown away after the tests, so a power cut may take everything. Not for real data.
    "fsync": "off",
    "full_page_writes": "off",
}
LEFT_OVER = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
NOT_FOUND = "PostgreSQL's server programs (initdb, postgres) are not on this machine"


class Server:
    """A running server; ``fresh_database`` gives a test one of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._made = 0

    def url(self, database: str) -> str:
        """The address as the application takes it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/{database}"

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The address of a new database; dropped in the end, whoever is still connected."""
        self._made += 1
        name = f"test_{self._made}"
        self.run(f'CREATE DATABASE "{name}"')
        try:
            yield self.url(name)
        finally:
            self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def empty(self, database: str) -> None:
        """Takes every row out of the tables, whatever their triggers say: much faster than a new database."""
        with psycopg.connect(self._address(database), autocommit=True) as connection:
            connection.execute(LEFT_OVER)
            connection.execute("SET session_replication_role = replica")  # no trigger, no foreign key
            tables = connection.execute(TABLES).fetchall()
            connection.execute("; ".join(f'DELETE FROM "{table}"' for (table,) in tables).encode())

    def run(self, statement: str) -> None:
        """One statement for the server as a whole, outside any transaction."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _address(self, database: str) -> str:
        return f"host=127.0.0.1 port={self._port} user=postgres dbname={database}"


def programs() -> Path | None:
    """The folder of the server programs; None where they are not installed."""
    found = shutil.which("initdb")
    places = ([Path(found).resolve().parent] if found else []) + PLACES
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


@contextmanager
def running_server(bin_folder: Path) -> Iterator[Server]:
    """A server that runs until the block ends; RuntimeError with the server’s own words if it does not start."""
    folder = Path(tempfile.mkdtemp(prefix="progressions-postgres-"))
    account = _account()
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        _make_cluster(bin_folder, folder, account)
        with _process(bin_folder, folder, account) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as an account that may do little."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _make_cluster(bin_folder: Path, folder: Path, account: dict[str, Any]) -> None:
    command = [str(bin_folder / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, **account)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)


@contextmanager
def _process(bin_folder: Path, folder: Path, account: dict[str, Any]) -> Iterator[Server]:
    port = free_port()
    command = [str(bin_folder / "postgres"), "-D", str(folder / "data"), "-p", str(port), "-k", str(folder)]
    command += [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    log = folder / "server.log"
    with log.open("wb") as output:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=folder, **account
        )
    try:
        _wait_until_ready(process, port, log)
        yield Server(port)
    finally:
        process.send_signal(signal.SIGINT)  # "fast shutdown": ends sessions, then stops
        process.wait(timeout=START_SECONDS)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text(errors="replace"))
