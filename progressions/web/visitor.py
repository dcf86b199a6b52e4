"""What a request says of the browser behind it: its address, and whether one of our own pages sent it."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.requests import Request

from progressions.web import installation

LOOPBACK = "127.0.0.1"
OWN = ("same-origin", "none")  # "none": typed, or opened from a bookmark


def came_from(address: str | None) -> str:
    """Where a person sits, for the record, in one spelling. Streamlit gives no address for its own machine."""
    return f"browser {_one_spelling(address or LOOPBACK)}"


def _one_spelling(address: str) -> str:
    """The same machine reads the same, whichever protocol it came by; what is no address stays as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return LOOPBACK if found.is_loopback else str(found)


def place(request: Request) -> str:
    """As ``came_from``; behind a proxy on the same machine the address that the proxy names."""
    return came_from(request.client.host if request.client else None)


def is_from_elsewhere(request: Request) -> bool:
    """Whether another site's page sent this request. A page that does not say where it is from counts as one."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched not in OWN
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc not in _own_names(request)


def _own_names(request: Request) -> tuple[str, ...]:
    names = (request.headers.get("host", ""), urlsplit(installation.settings().public_url).netloc)
    return tuple(name for name in names if name)
