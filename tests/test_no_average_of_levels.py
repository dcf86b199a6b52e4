"""Levels are ordered steps, not amounts: nowhere are they averaged, and no screen or file speaks of an average."""

import ast
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from progressions.charts.figure import Figure
from tests.charts import drawings
from tests.charts.drawings import spec_of
from tests.totals_of_levels import totals_in

PROJECT = Path(__file__).resolve().parents[1]
AVERAGING = {
    "mean",
    "nanmean",
    "fmean",
    "average",
    "avg",
    "median",
    "nanmedian",
    "median_low",
    "median_high",
    "median_grouped",
    "quantile",
    "nanquantile",
    "quantiles",
    "percentile",
    "nanpercentile",
    "interpolate",
    "expanding",
    "describe",
    "ewm",
    "rolling",
    "polyfit",
    "linregress",
    "interp",
}
"""Names that make one number of several levels, as a call or as a text that pandas or Vega takes for one."""
IN_WORDS = re.compile(r"\b(averages?|averaged|avg|mean (?:level|rating|score)|means of|the mean)\b", re.IGNORECASE)
IN_A_DRAWING = re.compile(r'\b(mean|average|avg|median|regression|loess|"aggregate")\b', re.IGNORECASE)
DENIES = re.compile(r"\b(never|no|not|nothing)\b[^.]*\baverage", re.IGNORECASE)
SEES = [PROJECT / "app.py", *(f for folder in ("progressions", "pages") for f in (PROJECT / folder).rglob("*.py"))]
READS_OTHERS = ("sheets/guess_words.py", "sheets/key_damage.py", "sheets/rubric_headings.py")
"""These recognize the averages that stand in other people's sheets, and leave them out."""


def _docstrings(tree: ast.AST) -> set[ast.AST]:
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}


def averages_in(source: str) -> set[str]:
    """Calls and texts of a source that would average: "mean" of ``frame.mean()`` or of ``agg("mean")``; and totals of
    levels, which are averages that are not divided yet.
    """
    tree, found = ast.parse(source), set()
    told = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found.add(getattr(node.func, "attr", getattr(node.func, "id", "")))
        if isinstance(node, ast.ImportFrom):
            found.update(alias.name for alias in node.names)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in told:
            found.update(re.findall(r"^(\w+)(?:\(.*\))?(?::\w)?$", node.value.strip()))
    return (found & AVERAGING) | set(totals_in(source))


def words_of_averages_in(source: str) -> list[str]:
    """Texts of a source, other than docstrings, that speak of an average to a reader."""
    tree = ast.parse(source)
    told = _docstrings(tree)
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and n not in told]
    return [t for t in texts if isinstance(t, str) and IN_WORDS.search(t) and not DENIES.search(t)]


def averages_shown_by(figure: Figure) -> list[str]:
    """What a figure says or draws of an average: specification with its tooltips, sentences, headings, cells."""
    said = [figure.title, figure.finding, figure.n, figure.alt, figure.table.to_csv()]
    return [text for text in (json.dumps(spec_of(figure)), *said) if IN_A_DRAWING.search(text)]


@pytest.mark.parametrize("file", SEES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_nothing_is_averaged_and_no_text_speaks_of_an_average(file: Path) -> None:
    if file.as_posix().endswith(READS_OTHERS):
        return
    source = file.read_text(encoding="utf-8")
    assert averages_in(source) == set()
    assert words_of_averages_in(source) == []


@pytest.mark.parametrize("name", drawings.ALL)
def test_no_figure_its_tooltips_or_its_table_has_an_average(name: str) -> None:
    assert averages_shown_by(drawings.ALL[name]()) == []


@pytest.mark.parametrize(
    "planted",
    [
        "frame.groupby('domain')['level'].mean()",
        "frame.groupby('domain').agg({'level': 'mean'})",
        "np.average(levels)",
        "from statistics import fmean",
        "alt.Y('mean(level):Q')",
        "levels.rolling(3)",
        "frame[LEVEL].sum() / len(frame)",
        "frame.loc[rated, LEVEL_NOW].sum()",
        "sum(levels) / len(levels)",
        "sum(row[LEVEL] for row in rows) / len(rows)",
        "sum(int(each) for each in levels if each)",
        "sum(map(int, rows[LEVEL]))",
        "sum(vote.level for vote in votes)",
        "sum(level * n for level, n in counts.items())",
        "math.fsum(levels)",
        "functools.reduce(operator.add, levels)",
        "np.sum(levels) / n",
        "(rows[LEVEL] * rows[COUNT]).sum() / rows[COUNT].sum()",
        "rows[LEVEL].mul(rows[COUNT]).sum()",
        "rows['level'].astype(int).sum()",
        "rows[[LEVEL]].sum()",
        "rows.level.sum()",
        "rows.groupby(DOMAIN)[LEVEL].sum()",
        "rows[LEVEL].agg('sum')",
        "rows[LEVEL].agg(sum)",
        "rows[LEVEL].transform('cumsum')",
        "rows.agg({LEVEL: 'sum'})",
        "rows.groupby(DOMAIN).agg(total=(LEVEL, 'sum'))",
        "rows.pivot_table(index=DOMAIN, values=LEVEL, aggfunc='sum')",
        "rows[LEVEL].quantile(0.5)",
        "np.percentile(levels, 50)",
        "levels.dot(counts) / counts.sum()",
        "counts.dot(rows[LEVEL])",
        "np.dot(levels, counts)",
        "levels @ counts",
    ],
)
def test_a_planted_average_would_be_found(planted: str) -> None:
    assert averages_in(planted)


@pytest.mark.parametrize(
    "counted",
    [
        "days[LEFT_OUT_LEVELS].sum()",
        "(rows[LEVEL] >= 3).sum()",
        "rows[LEVEL].notna().sum()",
        "rows[LEVEL].isin(known).sum()",
        "levels.groupby(DOMAIN)[COUNT].sum()",
        "sum(levels.values())",
        "sum(level == 3 for level in levels)",
        "sum(n for level, n in levels if level > own)",
        "sum(counts[step.position] for step in rubric.levels)",
        "rows[rows[LEVEL] == 3][COUNT].sum()",
    ],
)
def test_a_count_of_ratings_at_levels_is_no_total_of_levels(counted: str) -> None:
    assert averages_in(counted) == set()


def test_a_planted_word_would_be_found_and_a_denial_is_none() -> None:
    assert words_of_averages_in('st.markdown("The average level is 2.4")') == ["The average level is 2.4"]
    assert words_of_averages_in('st.markdown("Counts, never an average.")') == []


def test_an_average_planted_in_a_drawing_or_in_a_heading_would_be_found() -> None:
    whole = drawings.strip()
    drawn = whole.chart.copy(deep=True)
    drawn.layer[0].encoding.x.aggregate = "mean"
    told = pd.DataFrame({"Mean": [2.4]})
    assert averages_shown_by(Figure(whole.title, whole.finding, whole.alt, whole.n, drawn, whole.table))
    assert averages_shown_by(Figure(whole.title, whole.finding, whole.alt, whole.n, whole.chart, told))
