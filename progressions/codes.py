"""Codes that people type to sign in: a public selector and a secret, of which only a scrypt hash is kept."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U."""

SELECTOR_LENGTH = 4
SECRET_LENGTH = 12  # 60 random bits: too many to guess at any speed that the throttle allows
ROOM_LENGTH = 8  # 40 random bits, good for one session while it is open
GROUP = 4
LONGEST_TEXT = 64  # what anybody types for a code, dashes and spaces included

SCRYPT = (2**14, 8, 1)  # n, r, p: about 50 ms and 16 MB a check, for a code that is long and random already
SALT_BYTES = 16
HASH_BYTES = 32

READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
BETWEEN = re.compile(r"[\s\-‐‑‒–—_.\u2212\u200b-\u200f\u2060\ufeff]+")
"""What may stand between the signs; the last ones cannot be seen, and come along when a code is copied from a mail."""


@dataclass(frozen=True, slots=True)
class Code:
    """``selector`` says whose code it is and may be seen by anybody; ``secret`` opens, and is shown once."""

    selector: str
    secret: str

    @property
    def text(self) -> str:
        """As it is printed and typed: four groups of four, as in K7QX-ABCD-EFGH-JKMN."""
        whole = self.selector + self.secret
        return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


def new_code() -> Code:
    """A random code. Two may share a selector by chance: whoever stores it asks for another one then."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(SELECTOR_LENGTH + SECRET_LENGTH))
    return Code(drawn[:SELECTOR_LENGTH], drawn[SELECTOR_LENGTH:])


def parse(text: str) -> Code | None:
    """What somebody typed, whatever its case, spaces and dashes, with O for 0 and I or L for 1; None for no code."""
    typed = _typed(text)
    if typed is None or len(typed) != SELECTOR_LENGTH + SECRET_LENGTH:
        return None
    return Code(typed[:SELECTOR_LENGTH], typed[SELECTOR_LENGTH:])


def _typed(text: str) -> str | None:
    if len(text) > LONGEST_TEXT:
        return None
    typed = BETWEEN.sub("", text).upper().translate(READ_AS)
    return typed if set(typed) <= set(ALPHABET) else None


def new_room_code() -> str:
    """A random code for a session: it opens one session while that is open, and is shown to a whole room."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ROOM_LENGTH))


def room_text(room_code: str) -> str:
    """As it is shown and typed: K7QX-ABCD."""
    return "-".join(room_code[start : start + GROUP] for start in range(0, len(room_code), GROUP))


def parse_room(text: str) -> str | None:
    """What somebody typed as a room code, read as generously as a person's code; None for no code."""
    typed = _typed(text)
    return typed if typed is not None and len(typed) == ROOM_LENGTH else None


def hashed(secret: str) -> str:
    """The text to store, with a salt of its own and the parameters: ``scrypt$n$r$p$salt$hash`` in base 64."""
    salt = secrets.token_bytes(SALT_BYTES)
    return _stored(SCRYPT, salt, _scrypt(secret, SCRYPT, salt))


def matches(secret: str, stored: str) -> bool:
    """Whether ``stored`` was made from this secret, compared in constant time. ValueError where it is no such text."""
    name, n, r, p, salt, expected = stored.split("$")
    if name != "scrypt":
        raise ValueError("This is not the hash of a code.")
    found = _scrypt(secret, (int(n), int(r), int(p)), base64.b64decode(salt))
    return hmac.compare_digest(found, base64.b64decode(expected))


def _scrypt(secret: str, cost: tuple[int, int, int], salt: bytes) -> bytes:
    n, r, p = cost
    return hashlib.scrypt(secret.encode(), salt=salt, n=n, r=r, p=p, dklen=HASH_BYTES)


def _stored(cost: tuple[int, int, int], salt: bytes, digest: bytes) -> str:
    texts = (base64.b64encode(part).decode() for part in (salt, digest))
    return "$".join(["scrypt", *map(str, cost), *texts])


NOBODYS = _stored(SCRYPT, bytes(SALT_BYTES), bytes(HASH_BYTES))
"""Matches no secret: checked for an unknown selector, so that it costs what a known one does."""
