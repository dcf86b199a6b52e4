"""The files of a figure are in sight under it, and not only in its folded table."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from progressions.web import guard
from tests.web.conftest import OWN
from tests.web.shown import ran

TABLE = "The same numbers as a table"


@pytest.mark.parametrize("address", [{"view": "two"}, {"view": "peers"}])
def test_each_figure_has_its_links_outside_of_its_folded_table(
    session_of: Callable[[str], str], pages: Path, monkeypatch: pytest.MonkeyPatch, address: dict[str, str]
) -> None:
    token = session_of("member")
    monkeypatch.setattr(guard, "session_token", lambda: token)
    shown = AppTest.from_file(str(pages / "movement.py"), default_timeout=120)
    for name, value in {"partnership": OWN, "rubric": "partnership", **address}.items():
        shown.query_params[name] = value
    shown = ran(shown)
    links = [each.value for each in shown.markdown if "/download/figures/" in each.value]
    folded = [each.value for table in shown.expander for each in table.markdown]
    assert len(links) == len([table for table in shown.expander if table.label == TABLE]) > 0
    assert not set(links) & set(folded)
    assert all(f"[{form}](" in link for link in links for form in ("PNG", "SVG", "CSV", "XLSX"))
