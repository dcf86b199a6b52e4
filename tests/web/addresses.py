"""What the screens look for in their addresses, found in their source: the names behind ``?``."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from progressions import web

PLACE = {"one": 2, "one_of_few": 2, "one_or_none": 2, "several": 2, "by_address": 0}
"""The functions of ``choose`` that take the name of a parameter, and where it stands among their arguments."""


def parameters() -> dict[str, str]:
    """Each name that a screen looks for in its address, with a module that does."""
    return {name: module.__name__ for module in _modules() for name in _read_by(module)}


def _modules() -> Iterator[ModuleType]:
    for file in sorted(Path(web.__path__[0]).glob("*.py")):
        if file.stem != "main":  # the script itself, which runs when it is imported
            yield importlib.import_module(f"{web.__name__}.{file.stem}")


def _read_by(module: ModuleType) -> Iterator[str]:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        for name in _names(node):
            try:
                found = eval(compile(ast.Expression(name), "", "eval"), vars(module))
            except NameError:  # a function's own argument: whoever calls it is found by itself
                continue
            if isinstance(found, str):
                yield found


def _names(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions of a node that name a parameter."""
    if isinstance(node, ast.Subscript) and _is_address(node.value):
        yield node.slice
    elif isinstance(node, ast.Compare) and _is_address(node.comparators[0]):
        yield node.left
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_address(node.func.value):
        yield from node.args[:1] if node.func.attr in ("get", "get_all") else ()
    elif isinstance(node, ast.Call) and _called(node.func) in PLACE:
        yield from node.args[PLACE[_called(node.func)] :][:1]


def _is_address(node: ast.expr) -> bool:
    return ast.unparse(node) == "st.query_params"


def _called(function: ast.expr) -> str:
    """The name of a function of ``choose``, called within it or from elsewhere."""
    words = ast.unparse(function)
    return words.removeprefix("choose.") if words.startswith("choose.") or "." not in words else ""
