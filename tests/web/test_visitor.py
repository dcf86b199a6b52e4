"""Where a browser sits, as the record says it."""

import pytest

from progressions.web import visitor


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (None, "127.0.0.1"),
        ("", "127.0.0.1"),
        ("::1", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("::FFFF:0a00:0007", "10.0.0.7"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("10.0.0.7", "10.0.0.7"),
        ("testclient", "testclient"),
    ],
)
def test_one_address_has_one_spelling(address: str | None, told: str) -> None:
    assert visitor.came_from(address) == f"browser {told}"
