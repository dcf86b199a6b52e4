"""QR codes as pictures that stand in a page by themselves."""

from functools import lru_cache

import segno

QUIET_ZONE = 4  # modules of white around the code, as ISO/IEC 18004 wants them
MOST_CODES = 200  # as many as sessions are open in a few halls


def picture(address: str) -> str:
    """An address as a data URI. Black on white in the dark too: cameras read nothing else reliably."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_data_uri(border=QUIET_ZONE, light="#fff", omitsize=True)


lasting = lru_cache(maxsize=MOST_CODES)(picture)
"""The same of an address that is drawn again and again; never of one that holds a secret."""
