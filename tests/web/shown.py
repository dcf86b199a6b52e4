"""What tests do with a page that ``AppTest`` shows."""

from streamlit.testing.v1 import AppTest


def ran(shown: AppTest) -> AppTest:
    """The page after another run, which no error ended."""
    shown.run()
    assert not shown.exception, shown.exception
    return shown


def press(shown: AppTest, label: str) -> AppTest:
    """The page after a press of the button with this label."""
    next(button for button in shown.button if button.label == label).click()
    return ran(shown)


def markup(shown: AppTest) -> str:
    """All our own markup on the page."""
    return "\n".join(each.proto.body for each in shown.get("html"))
