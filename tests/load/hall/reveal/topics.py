"""How far the one topic is."""

REVISIONS = {"hall": 1}


def text() -> str:
    """What a page says that has seen the newest."""
    return f"The hall is at {REVISIONS['hall']}."
