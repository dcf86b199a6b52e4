"""The application as its user starts it, as a process of its own on a free loopback port."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"http://\S+/signin\?link=\S+")
START_SECONDS = 180


class RunningApp:
    """One server process with a database of its own."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.database = folder / "progressions.sqlite3"
        self.database_url = database_url or f"sqlite:///{self.database}"
        self.log = folder / "server.log"
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        environment = {**os.environ, "PROGRESSIONS_DATABASE_URL": self.database_url}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "progressions", "serve", "--port", str(self.port)],
                cwd=PROJECT,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"The server ended by itself:\n{self.said()}")
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"The server did not answer within {START_SECONDS} s:\n{self.said()}")

    def said(self) -> str:
        """Everything that the server printed."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def link(self) -> str:
        """The one-time link that the terminal showed last."""
        links = LINK.findall(self.said())
        assert links, f"No sign-in link was printed:\n{self.said()}"
        return links[-1]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command line beside the server, on the same database."""
        environment = {
            **os.environ,
            "PROGRESSIONS_DATABASE_URL": self.database_url,
            "PROGRESSIONS_PUBLIC_URL": self.url,
        }
        return subprocess.run(
            [sys.executable, "-m", "progressions", *arguments],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Meanwhile the server does nothing: what happens in the block comes to it all at once."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Ends the server in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
