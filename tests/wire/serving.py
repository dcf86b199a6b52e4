"""A Streamlit script served as a process of its own, with the configuration that the application ships."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its address, its process id, and where it writes what it has to say."""

    url: str
    pid: int
    log: Path


@contextmanager
def served(script: Path, log: Path, environment: Mapping[str, str], port: int = 0) -> Iterator[Served]:
    """Serves a script, or an ASGI application, until the block ends. ``environment`` is all that the process gets.

    ``port`` 0 is any free one.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=PROJECT, env=dict(environment), stdout=said, stderr=said)
        try:
            url = f"http://localhost:{port}"
            wait_until_it_answers(f"{url}/_stcore/health", process, log)
            yield Served(url, process.pid, log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once the address answers; AssertionError, with what the process said, where it never does."""
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"Nothing answered at {address}:\n{log.read_text(encoding='utf-8', errors='replace')}")
