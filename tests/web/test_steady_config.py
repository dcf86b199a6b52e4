"""Themes are read once: what a run sends of them stays what Streamlit itself would send."""

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from progressions.web import steady_config

SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Streamlit as it is, to be left as it was; no file is watched."""
    for where, name in ((config, "get_options_for_section"), (app_session, "to_snake_case")):
        original = getattr(where, name)
        monkeypatch.setattr(where, name, getattr(original, "__wrapped__", original))
    asked = config.get_option
    monkeypatch.setattr(config, "get_option", lambda key: "none" if key == "server.fileWatcherType" else asked(key))
    return monkeypatch


def _themes() -> list[bytes]:
    told = []
    for section in SECTIONS:
        message = CustomThemeConfig()
        app_session._populate_theme_msg(message, section)
        told.append(message.SerializeToString(deterministic=True))
    return told


@pytest.mark.usefixtures("served")
def test_the_theme_that_is_sent_is_the_same_at_first_and_from_memory() -> None:
    before = _themes()
    assert any(before)
    steady_config.keep()
    assert [_themes(), _themes()] == [before, before]


def test_the_settings_are_walked_through_once(served: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    original = config.get_options_for_section

    def counting(section: str) -> dict[str, object]:
        asked.append(section)
        return original(section)

    served.setattr(config, "get_options_for_section", counting)
    steady_config.keep()
    for _ in range(3):
        _themes()
    assert sorted(asked) == sorted(SECTIONS)


def test_whoever_watches_files_sees_another_theme_at_once(served: pytest.MonkeyPatch) -> None:
    served.setattr(config, "get_option", lambda _key: "auto")
    before = config.get_options_for_section
    steady_config.keep()
    assert config.get_options_for_section is before
