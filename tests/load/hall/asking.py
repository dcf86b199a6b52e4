"""One HTTP question at a time, asynchronously: what a browser asks before it opens its socket."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, the cookies that the server gave, where it sends the visitor ("" nowhere), and the body."""

    status: int
    cookies: Mapping[str, str]
    location: str
    body: bytes


async def ask(
    url: str, path: str, cookies: Mapping[str, str], method: str = "GET", body: bytes = b"", kind: str = ""
) -> Answer:
    """What the server at this address answers. ``kind`` is the body's content type."""
    parts = urlsplit(url)
    reading, writing = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writing.write(_question(url, path, cookies, method, body, kind) + body)
        await writing.drain()
        answered = await reading.read()
    finally:
        writing.close()
    return _answer(answered)


def cookie_line(cookies: Mapping[str, str]) -> str:
    """The value of a Cookie header."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _question(url: str, path: str, cookies: Mapping[str, str], method: str, body: bytes, kind: str) -> bytes:
    headers = {"Host": urlsplit(url).netloc, "Origin": url, "Connection": "close", "Cookie": cookie_line(cookies)}
    if body or method != "GET":
        headers |= {"Content-Type": kind, "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items() if value)]
    return "\r\n".join([*lines, "", ""]).encode()


def _answer(answered: bytes) -> Answer:
    head, _, body = answered.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    named = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    given = [value.split(";")[0].partition("=") for name, value in named if name == "set-cookie"]
    location = next((value for name, value in named if name == "location"), "")
    return Answer(int(first.split()[1]), {name: value for name, _, value in given}, location, body)
