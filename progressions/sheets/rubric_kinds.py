"""Problems of rubrics in shapes other than the documented one; the others are in ``kinds``. Standard library only."""

from progressions.issues import Kind, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

UNSURE = Kind("unsure", _E, "{question}")
NOT_CHOSEN = Kind(
    "not_chosen",
    _W,
    "This sheet may hold a rubric, but how it is to be read is not certain, and another sheet is: it is not read. "
    "Number its levels, as in “1 Beginning”, and head the domains’ column “domain”.",
)
LEFT_OUT = Kind("left_out", _W, "This sheet was not chosen: nothing of it is read.")
TOO_MANY_ROWS = Kind(
    "too_many_rows",
    _W,
    "The sheet has {rows} rows, and a rubric has at most {most}: this is another table, and it is not read.",
)
LEVELS_WITHOUT_TEXT = Kind(
    "levels_without_text",
    _W,
    "The columns {headings} are places for marks: most cells below them hold no text. In a rubric they would hold, for "
    "each domain, what one sees at that level. The sheet is not read.",
)
FROM_ZERO = Kind(
    "from_zero",
    _W,
    "The levels are printed from 0 on; here they are levels 1 to {count}, and keep what is printed as their names. "
    "In sheets of past ratings, say in the mapping which level the number 0 means.",
)
ORDERED_BY_POINTS = Kind(
    "ordered_by_points",
    _N,
    "The points {points} only say the order of the levels; nothing else is made of them.",
)
SEVERAL_NAMES = Kind(
    "several_names",
    _W,
    "One level comes with several names: {names}. The commonest, “{first}”, is used.",
)
IGNORED_COLUMNS = Kind("ignored_columns", _N, "Columns that are no part of a rubric were not read: {headings}.")
JOINED_ROWS = Kind("joined_rows", _N, "Several rows stand for one descriptor; they were joined, a line each.")
FOOTNOTES = Kind("footnotes", _N, "Text below or beside the table was not read.")
AREA_ROWS = Kind("area_rows", _N, "Rows without descriptors were read as area headings of the domains below them.")
TITLED_BY_AREA = Kind(
    "titled_by_area", _N, "Rows name an area and no domain; the area’s name is taken as the domain’s title."
)
REPEATED_HEADINGS = Kind("repeated_headings", _N, "A row repeats the headings; it was not read as a domain.")
WRONG_CODES = Kind(
    "wrong_codes", _N, "The column “{heading}” gives one domain several codes, so codes were made from the titles."
)

LONG_TITLE = Kind(
    "long_title",
    _W,
    "Titles of domains are very long: drawings show their first {most} characters. Text that describes a domain "
    "belongs to its levels.",
)
SAME_TITLE = Kind(
    "same_title",
    _E,
    "Two domains have the title “{title}”. A column “code” with a code of its own for each would tell them apart; if "
    "they are one domain, keep one of the rows.",
)

ALL: tuple[Kind, ...] = tuple(value for value in dict(globals()).values() if isinstance(value, Kind))
