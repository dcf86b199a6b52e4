"""The columns of every measure's frame: name, dtype and meaning. Levels are whole numbers from 1."""

PARTNERSHIP = "partnership"
"""str: code of the partnership."""
HELD_ON = "held_on"
"""datetime64: the day of the convening, at midnight, without a zone."""
RUBRIC = "rubric"
"""str: code of the rubric."""
DOMAIN = "domain"
"""str: code of the domain, unique within its rubric."""
LEVEL = "level"
"""int8 where every row is a rating; Int8 where a row may be *not rated* (NA, never 0)."""
WORDING = "wording"
"""int16 (Int16 with gaps): number of the version in which the domain's wording began."""

LEVEL_THEN = "level_then"
"""Int8: the earlier level, NA where not rated then."""
LEVEL_NOW = "level_now"
"""Int8: the later level, NA where not rated now."""
HELD_THEN = "held_then"
"""datetime64: the day of the earlier rating, NaT where there is none."""
HELD_NOW = "held_now"
"""datetime64: the day of the later rating."""
WORDING_THEN = "wording_then"
"""Int16: the wording of the earlier rating."""
WORDING_NOW = "wording_now"
"""Int16: the wording of the later rating."""
CHANGE = "change"
"""Int8: level now less level then; NA where the two may not be compared."""
MOVEMENT = "movement"
"""str: one of the values of ``Movement``."""

SEGMENT = "segment"
"""Int16: number of the unbroken stretch of a line, from 1; NA where not rated."""
WORDING_BEGINS = "wording_begins"
"""bool: the wording differs from that of the rating before, so the line is cut here."""

YEAR = "year"
"""int16: calendar year of the convening."""
COUNT = "count"
"""int64: ratings at this level."""
N_RATINGS = "n_ratings"
"""int64: ratings at all levels together, the denominator of ``count``."""
N_PARTNERSHIPS = "n_partnerships"
"""int64: partnerships that gave these ratings."""
LEFT_OUT = "left_out"
"""int64: ratings of this convening that are outside the population."""
LEFT_OUT_PARTNERSHIPS = "left_out_partnerships"
"""int64: partnerships that rated at this convening, none of whose ratings is in the population."""

LEFT_OUT_IN_ALL = "left_out_in_all"
"""int64: partnerships that rated at any of the dates, none of whose ratings at any of them is in the population."""

RATED = "rated"
"""int64: domains that the partnership rated at the convening."""
TOTAL = "total"
"""int64: domains that it could have rated."""
STATE = "state"
"""str: one of the values of ``Coverage``."""

DAY_DTYPE = "datetime64[us]"
LEVEL_OR_GAP = "Int8"
WORDING_OR_GAP = "Int16"

RATING_DTYPES = {
    PARTNERSHIP: "str",
    HELD_ON: DAY_DTYPE,
    RUBRIC: "str",
    DOMAIN: "str",
    LEVEL: "int8",
    WORDING: "int16",
}
"""The tidy frame, in this order: one row a rating."""

PAIR = [PARTNERSHIP, RUBRIC, DOMAIN]
"""What a movement is of: one domain of one partnership."""
