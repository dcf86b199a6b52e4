"""A defect of ours as a person meets it: a number, and the log has the rest under the same one."""

import logging
import secrets

log = logging.getLogger("progressions")


def number_of(problem: Exception) -> str:
    """Writes the defect to the log, and returns the number that stands there."""
    number = secrets.token_hex(4)
    log.error("Error %s", number, exc_info=problem)
    return number
