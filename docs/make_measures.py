"""Makes docs/measures.md from the docstrings of the measures: `python -m docs.make_measures`.

A docstring's last paragraph says what `LABELS` name, one a line, longer ones indented. Whatever has it is a measure.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
MEASURES = FOLDER.parent / "progressions" / "measures"
PAGE = FOLDER / "measures.md"

LABELS = ("Measure", "Tells", "Population", "Denominator", "Not rated", "Unit", "Source")
_LABELLED = re.compile(rf"^({'|'.join(LABELS)}): ", re.MULTILINE)
SECTIONS = {
    "movement": "How ratings moved",
    "lines": "One partnership over its convenings",
    "told": "What a partnership told beside its levels",
    "stuck": "Standing still and moving on",
    "votes": "The votes of a team",
    "agreement": "How a team agrees",
    "peers": "A partnership beside its peers",
    "started": "Peers that started at the same level",
    "sites": "The sites of a network",
    "network": "The network as a whole",
    "chance": "What could be chance",
}
"""The modules that have measures, in the order of the page, with their headings there."""
SOURCES = (
    'Blair & Lacy 2000, "Statistics of Ordinal Variation", Sociological Methods & Research 28: 251-280',
    'Drennan & Hyde 2008, "Controlling response shift bias: the use of the retrospective pre-test design in the '
    "evaluation of a master's programme\", Assessment & Evaluation in Higher Education 33: 699-709",
    'Goldstein & Spiegelhalter 1996, "League Tables and Their Limitations: Statistical Issues in Comparisons of '
    'Institutional Performance", Journal of the Royal Statistical Society A 159: 385-443',
    "Hundepool et al. 2012, Statistical Disclosure Control, Wiley",
    'Liddell & Kruschke 2018, "Analyzing ordinal data with metric models: What could possibly go wrong?", Journal of '
    "Experimental Social Psychology 79: 328-348",
    'Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American '
    "Statistical Association 22: 209-212",
)
"""What the measures cite by name and year, in full."""

OPENING = """# What the figures count

Every count that a figure shows, in three lines: what it tells, of whom and out of how many, and what a missing rating
does. A level is one of a rubric's ordered steps; levels are counted, and never averaged. A rating is the level that a
partnership agreed for one domain at one convening; *not rated* is the absence of a level, never a low one. The last
line is for whoever wants to check: the function that counts, its unit and its source.

This page is made from the functions themselves by `make docs`."""


@dataclass(frozen=True, slots=True)
class Function:
    """A public function of a module of measures. ``says`` maps labels to texts, empty where it is no measure."""

    module: str
    name: str
    says: dict[str, str]

    @property
    def path(self) -> str:
        """Where it is, for example "movement.standing"."""
        return f"{self.module}.{self.name}"


def labelled(docstring: str) -> dict[str, str]:
    """What the last paragraph of a docstring says, by label; empty where it does not begin with the first label."""
    last = inspect.cleandoc(docstring).split("\n\n")[-1]
    before, *parts = _LABELLED.split(last)
    if before or not parts or parts[0] != LABELS[0]:
        return {}
    return {label: " ".join(text.split()) for label, text in zip(parts[::2], parts[1::2], strict=True)}


def functions() -> Iterator[Function]:
    """The public functions of all modules of measures, in the order of their files."""
    for file in sorted(MEASURES.glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield Function(file.stem, node.name, labelled(ast.get_docstring(node) or ""))


def page() -> str:
    """The text of docs/measures.md. KeyError where a measure does not say one of ``LABELS``."""
    measures = [each for each in functions() if each.says]
    parts = [OPENING]
    for module, title in SECTIONS.items():
        parts += [f"## {title}", *(_told(each) for each in measures if each.module == module)]
    sources = "\n".join(f"- {source}." for source in SOURCES)
    return "\n\n".join([*parts, "## Sources", sources]) + "\n"


def _told(measure: Function) -> str:
    says = measure.says
    lines = [
        f"### {says['Measure']}",
        "",
        f"- **It tells** {says['Tells']}.",
        f"- **It is about** {says['Population']}. {_out_of(says['Denominator'])}.",
        f"- **Where a rating is missing:** {says['Not rated']}.",
        "",
        f"`{measure.path}` · Unit: {says['Unit']} · Source: {says['Source']}",
    ]
    return "\n".join(lines)


def _out_of(denominator: str) -> str:
    """What is only listed has no denominator, and its docstring says "none: " and why."""
    why = denominator.removeprefix("none: ")
    return f"Counted out of: {denominator}" if why == denominator else f"{why[0].upper()}{why[1:]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
