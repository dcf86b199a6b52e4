"""Who may read files in and take files out: the matrix’s rows."""

# ruff: noqa: ARG005 — every call has the same three arguments, whether it needs them or not

from progressions.services import (
    exports,
    imports,
    mappings,
    rubrics,
    templates,
)
from progressions.settings import ReadLimits
from tests.factories import NOW
from tests.web.matrix_words import ALL, READERS, STAFF, Place, Row, everywhere, of


def mappings_title(at: Place) -> str:
    """The title under which the world keeps its mapping."""
    return f"{at.world.rubrics[0].partition('-')[0]} saved_mappings.title 0"


RATINGS = b"Partnership,Convening,%s\nAsh,2025-04-15,2\n"
RUBRIC = b"Domain,1 Low,2 High\nReading,little,much\nWriting,a few,many\n"


FILES: dict[str, Row] = {
    "exports.partnership_workbook": Row(
        lambda s, p, at: exports.partnership_workbook(s, p, at.partnership, NOW), of(READERS, STAFF)
    ),
    "exports.ratings_file": Row(lambda s, p, at: exports.ratings_file(s, p, "xlsx", now=NOW), everywhere(STAFF)),
    "imports.confirm": Row(lambda s, p, at: imports.confirm(s, p, at.shown, NOW), of(STAFF, STAFF)),
    "imports.history": Row(lambda s, p, at: imports.history(s, p), everywhere(STAFF)),
    "imports.preview": Row(
        lambda s, p, at: imports.preview(s, p, RATINGS, "a.csv", None, ReadLimits()), everywhere(STAFF)
    ),
    "imports.preview_workbook": Row(
        lambda s, p, at: imports.preview_workbook(s, p, at.workbook, None), everywhere(STAFF)
    ),
    "imports.proposal": Row(lambda s, p, at: imports.proposal(s, p, at.workbook), everywhere(STAFF)),
    "imports.read_file": Row(
        lambda s, p, at: imports.read_file(s, p, RATINGS, "a.csv", ReadLimits()), everywhere(STAFF)
    ),
    "imports.rejected_workbook": Row(
        lambda s, p, at: imports.rejected_workbook(s, p, at.upload, NOW), everywhere(STAFF)
    ),
    "imports.undo": Row(lambda s, p, at: imports.undo(s, p, at.world.batch, NOW), of(STAFF, STAFF)),
    "mappings.forget_mapping": Row(
        lambda s, p, at: mappings.forget_mapping(s, p, mappings_title(at), NOW), of(STAFF, STAFF), silent=True
    ),
    "mappings.mappings": Row(lambda s, p, at: mappings.mappings(s, p), everywhere(STAFF)),
    "mappings.used_again": Row(lambda s, p, at: mappings.used_again(s, p, None), everywhere(STAFF)),
    "mappings.save_mapping": Row(
        lambda s, p, at: mappings.save_mapping(s, p, "A way", at.shown.mapping, NOW), everywhere(STAFF), silent=True
    ),
    "rubrics.every": Row(lambda s, p, at: rubrics.every(s, p), everywhere(ALL)),
    "rubrics.latest": Row(lambda s, p, at: rubrics.latest(s, p), everywhere(ALL)),
    "rubrics.planned": Row(
        lambda s, p, at: rubrics.planned(s, p, rubrics.check_file(RUBRIC, "new.csv", ReadLimits())), everywhere(STAFF)
    ),
    "rubrics.preview": Row(lambda s, p, at: rubrics.preview(s, p, RUBRIC, "new.csv", ReadLimits()), everywhere(STAFF)),
    "rubrics.preview_workbook": Row(lambda s, p, at: rubrics.preview_workbook(s, p, at.workbook), everywhere(STAFF)),
    "rubrics.publish": Row(
        lambda s, p, at: rubrics.publish(s, p, rubrics.check_file(RUBRIC, "new.csv", ReadLimits()), NOW),
        everywhere(STAFF),
    ),
    "rubrics.publish_shipped": Row(lambda s, p, at: rubrics.publish_shipped(s, p, NOW), everywhere(STAFF), silent=True),
    "rubrics.read_file": Row(lambda s, p, at: rubrics.read_file(p, RUBRIC, "new.csv", ReadLimits()), everywhere(STAFF)),
    "rubrics.version": Row(lambda s, p, at: rubrics.version(s, p, at.rubric), of(ALL, ALL)),
    "rubrics.versions": Row(lambda s, p, at: rubrics.versions(s, p, at.rubric), of(ALL, ALL)),
    "rubrics.workbook": Row(lambda s, p, at: rubrics.workbook(s, p, NOW), everywhere(ALL)),
    "templates.ratings_template": Row(lambda s, p, at: templates.ratings_template(s, p, NOW), everywhere(STAFF)),
}
