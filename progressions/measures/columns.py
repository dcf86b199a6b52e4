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

REASON = "reason"
"""str: why a rating moved, one of the values of ``Reason``; "" where no reason was given."""
HINDSIGHT = "hindsight"
"""Int8: the level that an earlier rating would have, "knowing what we know now"; NA where nothing was told."""
HINDSIGHT_ON = "hindsight_on"
"""datetime64: the day of that earlier rating."""
TOLD_ON = "told_on"
"""datetime64: the day of the convening at which it was told."""
STEP = "step"
"""str: what was promised, "" where nothing was."""
OWNER = "owner"
"""str: who owns the promise, "" where nobody is named."""
DUE = "due"
"""datetime64: by when it is promised, NaT where no day is named."""
STEP_STATE = "step_state"
"""str: one of the values of ``StepState``."""
OVERDUE = "overdue"
"""bool: the day by which it was promised has passed, it is still open, and its domain has not moved up since."""
SAME_WORDS = "same_words"
"""bool: it was told on the words of the rating that it is about, so that the two levels mean the same."""
REASONS_GIVEN = "reasons_given"
"""object: the different reasons given for one movement, values of ``Reason`` as a tuple, oldest first."""

FIRST_LOW = "first_low"
"""Int8: the level in the middle of the first votes; where the middle lies between two levels the lower one."""
FIRST_HIGH = "first_high"
"""Int8: as ``FIRST_LOW``, and where the middle lies between two levels the higher one."""
AGREED = "agreed"
"""Int8: the level that the team agreed at the convening, on the words that it voted on; NA where it did not."""
BESIDE_FIRST = "beside_first"
"""str: one of the values of ``BesideFirst``; "" where there is no agreed level or no vote for a level."""
DISTRICT_LOW = "district_low"
"""Int8: as ``FIRST_LOW``, of the district's first votes; NA where the sides are not shown by themselves."""
DISTRICT_HIGH = "district_high"
"""Int8: as ``FIRST_HIGH``, of the district's first votes."""
UNIVERSITY_LOW = "university_low"
"""Int8: as ``FIRST_LOW``, of the university's first votes; NA where the sides are not shown by themselves."""
UNIVERSITY_HIGH = "university_high"
"""Int8: as ``FIRST_HIGH``, of the university's first votes."""
APART = "apart"
"""Int8: half steps from the middle of the district's first votes up to the university's, below 0 for down."""
APART_THEN = "apart_then"
"""Int8: ``APART`` at the earlier convening."""
APART_NOW = "apart_now"
"""Int8: ``APART`` at the later convening."""
N_VOTERS = "n_voters"
"""int64: people who voted first, on phones and on paper, those who could not judge among them."""

COUNT = "count"
"""int64: ratings at this level."""
N_RATINGS = "n_ratings"
"""int64: ratings at all levels together, the denominator of ``count``."""
N_PARTNERSHIPS = "n_partnerships"
"""int64: partnerships that gave these ratings."""
LEFT_OUT = "left_out"
"""int64: ratings of this convening that are outside the population."""
LEFT_OUT_PARTNERSHIPS = "left_out_partnerships"
"""int64: partnerships that rated at this convening, none of whose ratings of this convening is in the population."""

LEFT_OUT_IN_ALL = "left_out_in_all"
"""int64: partnerships that rated at any of the dates, none of whose ratings at any of them is in the population."""
LEFT_OUT_LEVELS = "left_out_levels"
"""int64: those of ``LEFT_OUT`` that are at a level which is not among those counted."""
LEFT_OUT_WORDS = "left_out_words"
"""int64: those of ``LEFT_OUT`` whose domain is rated at both ends, on other words at one of them."""
REWORDED = "reworded"
"""int64: domains whose words at the last date with ratings are not those of the first one."""
ALONE_DOMAINS = "alone_domains"
"""int64: of the first and the last date with ratings counted: domains with such a rating there, and with none at all at
the other of the two. 0 at any other date."""
ALONE_RATINGS = "alone_ratings"
"""int64: the ratings of these domains that are counted at that date."""

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

TOLD_DTYPES = {
    PARTNERSHIP: "str",
    HELD_ON: DAY_DTYPE,
    RUBRIC: "str",
    DOMAIN: "str",
    WORDING: "int16",
    REASON: "str",
    HINDSIGHT: LEVEL_OR_GAP,
    HINDSIGHT_ON: DAY_DTYPE,
    STEP: "str",
    OWNER: "str",
    DUE: DAY_DTYPE,
    STEP_STATE: "str",
}
"""What was told beside levels, in this order: one row a rating that tells a reason, a promise or a hindsight."""

PAIR = [PARTNERSHIP, RUBRIC, DOMAIN]
"""What a movement is of: one domain of one partnership."""
