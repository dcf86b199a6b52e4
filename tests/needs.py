"""What some tests need beside Python. Missing on somebody's laptop: the test skips and says why. In CI: it fails."""

import os
import shutil
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSER = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def missing(what: str) -> None:
    """Skips the test that asks, or fails it where everything is expected to be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} In CI this test must run.")
    pytest.skip(what)


def browser_path() -> str:
    """Where a Chromium is on this machine."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    if MAC_BROWSER.exists():
        return str(MAC_BROWSER)
    missing("There is no Chromium here; `make test` says how to install one.")
    raise AssertionError("missing() does not return")


def shared(*parts: str) -> Path:
    """A file outside the project; the test skips, with the reason, where it is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} lies outside the project, and is not here.")
    return path
