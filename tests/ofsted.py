"""A rubric and a mapping for the public ratings in ../shared/real/ofsted_ilacs, for tests with real input."""

import json
from pathlib import Path

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
HISTORY = SHARED / "real" / "ofsted_ilacs" / "ofsted_csc_ilacs_history.csv"
MISSING = f"the public ratings are not at ../shared/{HISTORY.relative_to(SHARED).as_posix()}"

COLUMNS = {
    "overall_effectiveness_grade": "overall",
    "impact_of_leaders_grade": "leaders",
    "help_and_protection_grade": "help",
    "in_care_grade": "in-care",
    "care_leavers_grade": "care-leavers",
}
LEVELS = {"inadequate": 1, "requires improvement": 2, "good": 3, "outstanding": 4}
NOT_RATED = ("data_unreadable", "not_reported_post_reform", "inspection_pre_dates_judgement")

RUBRIC_FILE = "ofsted.csv"
RUBRIC_CSV = """\
code,domain,1 Inadequate,2 Requires improvement,3 Good,4 Outstanding
overall,Overall effectiveness,Children are not safe.,Work is uneven.,Work is good.,Work is a model for others.
leaders,Impact of leaders,Leaders do not see it.,Leaders see it.,Leaders act on it.,Leaders spread it.
help,Help and protection,Help comes too late.,Help is uneven.,Help is in time.,Help comes before need.
in-care,Children in care,Plans drift.,Plans are uneven.,Plans hold.,Children shape the plans.
care-leavers,Care leavers,Contact is lost.,Contact is uneven.,Contact is kept.,Contact lasts as wanted.
"""

MAPPING = {
    "sheet": None,
    "header_row": 1,
    "layout": "wide",
    "partnership": "local_authority",
    "partnership_code": "urn",
    "convening": {"column": "publication_date"},
    "day_first": True,
    "domains": {column: f"ofsted/{code}" for column, code in COLUMNS.items()},
    "levels": LEVELS,
    "not_rated": list(NOT_RATED),
}
MAPPING_JSON = json.dumps(MAPPING)
