"""The libraries stay in their rooms, and data runs in one direction: read from the imports of every file."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]

ROOMS = {
    "streamlit": ("app.py", "pages/", "progressions/web/"),
    "starlette": ("app.py", "progressions/web/"),
    "sqlalchemy": ("progressions/store/",),
    "alembic": ("progressions/store/",),
    "psycopg": ("progressions/store/",),
    "openpyxl": ("progressions/sheets/", "progressions/reports/", "rubrics/", "data/"),
    "python_calamine": ("progressions/sheets/",),
    "altair": ("progressions/charts/",),
    "vl_convert": ("progressions/charts/",),
    "pandas": ("progressions/measures/", "progressions/charts/"),
    "segno": ("progressions/web/",),
    "pyarrow": ("progressions/web/",),
    "cachetools": ("progressions/web/",),
    "scipy": ("progressions/measures/",),
}
"""Where each library may be imported. One that is imported only for its types counts for nothing."""

BELOW_PAGES = ("progressions.store", "progressions.sheets", "progressions.measures", "progressions.imports")
CORE = (
    "comparison",
    "issues",
    "errors",
    "people",
    "permissions",
    "publishing",
    "ratings",
    "ratings_read",
    "rubric",
    "text",
    "clock",
    "codes",
    "record",
    "throttle",
    "team_session",
)
"""Modules of words and pure rules: the standard library and one another, nothing else."""


def _files() -> list[Path]:
    folders = [PROJECT / name for name in ("progressions", "pages", "rubrics", "data")]
    return [PROJECT / "app.py", *(file for folder in folders for file in sorted(folder.rglob("*.py")))]


def _only_for_types(tree: ast.Module) -> set[ast.AST]:
    """Everything under ``if TYPE_CHECKING:``."""
    blocks = [n for n in ast.walk(tree) if isinstance(n, ast.If) and getattr(n.test, "id", "") == "TYPE_CHECKING"]
    return {inner for block in blocks for inner in ast.walk(block)}


def imported(source: str) -> set[str]:
    """Full names of the modules that a source imports when it runs."""
    tree = ast.parse(source)
    skipped = _only_for_types(tree)
    names: set[str] = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def _strays(file: Path) -> list[str]:
    place = file.relative_to(PROJECT).as_posix()
    tops = {name.split(".")[0] for name in imported(file.read_text(encoding="utf-8"))}
    return [
        library for library, rooms in ROOMS.items() if library in tops and not any(place.startswith(r) for r in rooms)
    ]


def test_every_library_stays_in_its_room() -> None:
    strays = {str(file.relative_to(PROJECT)): _strays(file) for file in _files() if _strays(file)}
    assert strays == {}


def test_a_stray_import_would_be_found() -> None:
    assert "streamlit" in {name.split(".")[0] for name in imported("def f():\n    from streamlit import rerun\n")}
    assert imported("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas\n") == {
        "typing",
        "typing.TYPE_CHECKING",
    }


@pytest.mark.parametrize("module", CORE)
def test_the_core_stands_on_the_standard_library_alone(module: str) -> None:
    source = (PROJECT / "progressions" / f"{module}.py").read_text(encoding="utf-8")
    ours = {name for name in imported(source) if name.startswith("progressions.")}
    allowed = {f"progressions.{name}" for name in CORE}
    assert {name for name in ours if not any(name == a or name.startswith(f"{a}.") for a in allowed)} == set()


def test_pages_import_nothing_below_the_services() -> None:
    low = {
        page.name: sorted(n for n in imported(page.read_text(encoding="utf-8")) if n.startswith(BELOW_PAGES))
        for page in (PROJECT / "pages").glob("*.py")
    }
    assert {page: names for page, names in low.items() if names} == {}


def test_nothing_below_the_web_imports_the_web() -> None:
    inner = [f for f in _files() if "progressions/" in f.as_posix() and "/web/" not in f.as_posix()]
    assert [f.name for f in inner if any(n.startswith("progressions.web") for n in imported(f.read_text()))] == []


def first_statement(source: str) -> ast.stmt:
    """What a page does first, after its docstring and its imports."""
    body = ast.parse(source).body
    after_docstring = body[1:] if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) else body
    return next(n for n in after_docstring if not isinstance(n, ast.Import | ast.ImportFrom))


def test_something_before_the_guard_would_be_found() -> None:
    assert isinstance(first_statement('"""Doc."""\nimport a\nst.title("x")\np = guard.signed_in()\n'), ast.Expr)


@pytest.mark.parametrize("page", sorted((PROJECT / "pages").glob("*.py")), ids=lambda page: page.stem)
def test_a_page_is_short_and_begins_with_its_guard(page: Path) -> None:
    source = page.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 60
    first = first_statement(source)
    assert isinstance(first, ast.Assign)
    assert ast.unparse(first.value) in ("guard.signed_in()", "guard.staff()", "guard.rater()")


def test_session_state_is_touched_in_one_module_only() -> None:
    touching = [f.name for f in _files() if "session_state" in f.read_text(encoding="utf-8")]
    assert touching == ["session.py"]


def test_no_page_admits_raw_markup_but_for_one_line_that_never_varies() -> None:
    assert [f.name for f in _files() if "unsafe_allow" in f.read_text(encoding="utf-8")] == ["to_the_top.py"]
