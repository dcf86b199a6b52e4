"""Every kind of problem that a workbook of rubrics or ratings can have. Standard library only.

The templates are sentences for the person whose file it is: what was found, what is expected, what to do.
"""

from progressions.issues import Kind, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

READ_SO = Kind("read_so", _W, "{note}")

NO_RUBRIC = Kind(
    "no_rubric",
    _E,
    "No rubric was found. A rubric's sheet has a row of headings with “domain” and a column for each level, "
    "headed like “1 Exploring change ideas”.",
)
NOT_A_RUBRIC_SHEET = Kind(
    "not_a_rubric_sheet",
    _W,
    "This sheet is not read: none of its rows has the heading “domain” and columns of levels. "
    "Name it “About” if its text belongs to the rubrics.",
)
NO_LEVELS = Kind(
    "no_levels",
    _E,
    "The row with the heading “domain” has {count} columns of levels; at least 2 are expected, "
    "headed like “1 Exploring change ideas”.",
)
WRONG_LEVELS = Kind(
    "wrong_levels",
    _E,
    "The levels are numbered {found}. Expected: 2 to 6 levels, numbered 1, 2, 3 and so on, each once.",
)
SAME_LEVEL_NAME = Kind("same_level_name", _E, "Two levels have the name “{name}”. Give each level a name of its own.")
DUPLICATE_HEADING = Kind("duplicate_heading", _E, "The heading “{heading}” stands over two columns. Keep one of them.")
DUPLICATE_RUBRIC = Kind(
    "duplicate_rubric",
    _E,
    "The rubric “{code}” was already found in another sheet. Give each rubric's sheet a name of its own.",
)
NO_DOMAINS = Kind("no_domains", _E, "There is no domain below the headings. Write one domain in each row.")
MISSING_TITLE = Kind(
    "missing_title",
    _E,
    "The domain's title is missing. Write it, or empty the whole row to remove the domain.",
)
MISSING_RUBRIC = Kind(
    "missing_rubric", _E, "The row does not say to which rubric it belongs. Fill in the column “{heading}”."
)
DUPLICATE_DOMAIN = Kind(
    "duplicate_domain", _E, "The domain code “{code}” stands twice. Give each domain a code of its own."
)
CODE_MADE = Kind(
    "code_made",
    _N,
    "{count} domains have no code; codes were made from the titles, for example “{example}”. "
    "Codes of your own keep a domain the same domain when its title changes.",
)
EMPTY_DESCRIPTOR = Kind(
    "empty_descriptor",
    _W,
    "There is no text for this level of the domain. Raters will see an empty descriptor.",
)

NO_PARTNERSHIP = Kind(
    "no_partnership",
    _E,
    "The row does not say which partnership was rated. Fill in the column “{heading}”; "
    "its ratings are left out until then.",
)
NO_DATE = Kind(
    "no_date",
    _E,
    "The row does not say when the convening was. Fill in the column “{heading}”; its ratings are left out until then.",
)
NOT_A_DATE = Kind(
    "not_a_date",
    _E,
    "“{text}” is not a date. Expected: a date cell, 2024-10-31, or {example} ({order}); "
    "the row's ratings are left out until then.",
)
YEAR_ONLY = Kind(
    "year_only",
    _N,
    "“{text}” names a year and no day; its ratings are dated {date}, as “year_day” of the mapping says.",
)
DAMAGED_KEY = Kind(
    "damaged_key",
    _E,
    "A spreadsheet program has shortened the code “{text}”, and its digits are lost. Write the code in full, in a "
    "column that is formatted as text; the row's ratings are left out until then.",
)
LOST_ZEROS = Kind(
    "lost_zeros",
    _W,
    "Other codes of the column begin with 0, as “{example}” does; “{text}” may have lost its first zeros to a "
    "spreadsheet program. It is taken as it stands.",
)
SUMMARY_ROW = Kind(
    "summary_row",
    _W,
    "“{text}” is no partnership: the row sums up others. Nothing is taken from it.",
)
SHEET_NOT_READ = Kind("sheet_not_read", _W, "This sheet is not read. {note}")
MISSING_COLUMNS = Kind(
    "missing_columns",
    _W,
    "This sheet has no column {headings}, which other sheets of the file have.",
)
ROW_WITHOUT_RATINGS = Kind(
    "row_without_ratings",
    _N,
    "The row names no partnership or no date, and holds no rating; nothing is taken from it.",
)
NOT_A_LEVEL = Kind(
    "not_a_level",
    _E,
    "“{text}” is not a level of the rubric “{rubric}”. Expected: {levels}; "
    "mend the cell, or leave it empty for not rated.",
)
UNKNOWN_RUBRIC = Kind("unknown_rubric", _E, "“{text}” is none of the rubrics. Expected: {rubrics}.")
UNKNOWN_DOMAIN = Kind(
    "unknown_domain",
    _E,
    "“{text}” is no domain of the rubric “{rubric}”. Write the domain's code or title as the rubric has it.",
)
OPEN_DOMAIN = Kind(
    "open_domain",
    _E,
    "“{text}” is not the code or the title of exactly one domain of the rubrics. Write the domain's code, or say in "
    "the mapping's “domain_texts” which domain it is.",
)
CONTRADICTS = Kind(
    "contradicts",
    _E,
    "Cells of the file give different levels for “{domain}” of {partnership} on {date}: {levels}. "
    "None of them is taken; keep the right one.",
)
REPEATED = Kind("repeated", _N, "The same rating stands in the file more than once; it is taken once.")
TWO_TITLES = Kind(
    "two_titles",
    _W,
    "The partnership code “{code}” comes with the titles “{first}” and “{other}”. The first is used.",
)
TWO_CODES = Kind(
    "two_codes",
    _W,
    "The partnership “{title}” comes with the codes “{first}” and “{other}”. They are taken as two "
    "partnerships; if it is one, use one code.",
)
TWO_CONVENING_TITLES = Kind(
    "two_convening_titles",
    _W,
    "The convening on {date} comes with the titles “{first}” and “{other}”. The first is used.",
)

LOST_ZEROS_STORED = Kind(
    "lost_zeros_stored",
    _W,
    "“{code}” would be a new partnership, and “{stored}” is stored, which differs from it only in zeros at the "
    "beginning. If they are one, write the code in full.",
)
SAME_TITLE_STORED = Kind(
    "same_title_stored",
    _W,
    "The partnership “{title}” would be a new one with the code “{code}”, and one of that title is stored with the "
    "code “{stored}”. If they are one, use the stored code.",
)
FOUND_BY_TITLE = Kind(
    "found_by_title",
    _N,
    "The file has no codes; its partnership “{title}” is taken to be the stored one of that title, “{code}”.",
)
KEPT_LEVEL = Kind(
    "kept_level",
    _N,
    "The file says “not rated” where a level is stored. The stored level stays: an import erases no rating.",
)
OTHER_TITLE = Kind(
    "other_title",
    _N,
    "The partnership “{code}” is stored as “{stored}”; the file calls it “{found}”. The stored title stays.",
)

ALL: tuple[Kind, ...] = tuple(value for value in dict(globals()).values() if isinstance(value, Kind))
