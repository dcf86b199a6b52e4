"""Finds in a source where levels are added up, or weighed and added up: an average that is not divided yet."""

import ast
import re
from collections.abc import Iterator

_COLUMN = r"_?(LEVEL|LEVEL_(THEN|NOW|BEFORE)|AGREED|FIRST_(LOW|HIGH)|HINDSIGHT)"
COLUMN = re.compile(rf"{_COLUMN}|{_COLUMN.lower()}")
"""Names of the columns of levels, and what stands in them: LEVEL, "level", LEVEL_THEN, "level_then" …"""
NAMED = re.compile(r"_?((own|old|new|all|their|our)_)?levels?(_(then|now|before))?")
"""Variables and fields that hold levels, by their whole name."""
TOTALS = {"sum", "nansum", "cumsum", "fsum", "sumprod", "prod", "cumprod"}
GATHERS = {"agg", "aggregate", "apply", "transform", "pivot_table", "pipe"}
PRODUCTS = {"dot", "matmul", "vdot", "inner", "einsum", "tensordot"}


def totals_in(source: str) -> list[str]:
    """The expressions of a source that add levels up."""
    return [ast.unparse(node) for node in ast.walk(ast.parse(source)) if _is_total(node)]


def _is_total(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.MatMult) and (_is_levels(node.left) or _is_levels(node.right))
    if not isinstance(node, ast.Call):
        return False
    name, given = _called(node), [*_receiver(node), *node.args, *(each.value for each in node.keywords)]
    if name in TOTALS or name in PRODUCTS:
        return any(map(_is_levels, given))
    if name == "reduce":
        return any(map(_is_levels, given))
    return name in GATHERS and _gathers(node, given)


def _gathers(node: ast.Call, given: list[ast.expr]) -> bool:
    """``levels.agg("sum")``, ``frame.agg({LEVEL: "sum"})``, ``frame.agg(total=(LEVEL, "sum"))`` and their like."""
    told = [part for each in [*node.args, *(keyword.value for keyword in node.keywords)] for part in ast.walk(each)]
    adds = any(_text(part) in TOTALS for part in told)
    return adds and (any(map(_is_levels, given)) or any(_is_column(part) for part in told))


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def _receiver(node: ast.Call) -> Iterator[ast.expr]:
    """What a method is called on; a module's function is called on nothing."""
    if isinstance(node.func, ast.Attribute):
        yield node.func.value


def _text(node: ast.AST) -> str:
    """A name or a text, as in ``agg(sum)``, ``agg("sum")``, ``agg(np.sum)``."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _is_column(node: ast.AST) -> bool:
    is_said = isinstance(node, ast.Name | ast.Attribute) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return is_said and COLUMN.fullmatch(_text(node)) is not None


def _is_levels(node: ast.AST) -> bool:
    """Whether an expression holds levels, and not whether they are equal to something, nor how many there are."""
    match node:
        case ast.Name():
            return NAMED.fullmatch(node.id) is not None or COLUMN.fullmatch(node.id) is not None
        case ast.Attribute():
            return NAMED.fullmatch(node.attr) is not None or (node.attr in _SAME and _is_levels(node.value))
        case ast.Subscript():
            return any(map(_is_column, _picked(node.slice))) or (_is_levels(node.value) and _is_place(node.slice))
        case ast.BinOp():
            return not isinstance(node.op, ast.BitAnd | ast.BitOr) and any(map(_is_levels, (node.left, node.right)))
        case ast.Call():
            return _keeps_levels(node)
    return _is_of_levels(node)


def _is_of_levels(node: ast.AST) -> bool:
    """The same of what is put together from other expressions."""
    match node:
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp():
            loops = any(_is_levels(each.iter) for each in node.generators)
            return _is_levels(node.elt) or (loops and _is_loop(node.elt, node))
        case ast.IfExp():
            return _is_levels(node.body) or _is_levels(node.orelse)
        case ast.Tuple() | ast.List():
            return any(map(_is_levels, node.elts))
        case ast.UnaryOp():
            return not isinstance(node.op, ast.Invert | ast.Not) and _is_levels(node.operand)
        case ast.Starred():
            return _is_levels(node.value)
    return False


_SAME = {"values", "array", "T", "loc", "iloc"}
"""Fields of what holds levels that hold them too."""
_COUNTS = {"isna", "notna", "isin", "eq", "ne", "gt", "ge", "lt", "le", "between", "value_counts", "size", "count"}
_COUNTS |= {"values", "groupby", "items", "keys", "index", "nunique", "any", "all", "duplicated"}
"""Methods of what holds levels whose answer holds none; ``values()`` is of a mapping by level, which holds counts."""
_TAKES = {"int", "float", "list", "tuple", "sorted", "set", "map", "filter", "abs", "array", "asarray", "multiply"}
_TAKES |= {"Series", "to_numeric", "where", "mul", "nan_to_num"}
"""Functions that hand on what they are given."""


def _keeps_levels(node: ast.Call) -> bool:
    name = _called(node)
    if name in _TAKES and any(map(_is_levels, node.args)):
        return True
    return name not in _COUNTS and any(map(_is_levels, _receiver(node))) and isinstance(node.func, ast.Attribute)


def _picked(slice_: ast.expr) -> list[ast.expr]:
    """The columns that a subscript picks: of ``[LEVEL]``, ``[[LEVEL]]`` and ``.loc[rows, LEVEL]``."""
    parts = slice_.elts if isinstance(slice_, ast.Tuple) else [slice_]
    return [inner for part in parts for inner in (part.elts if isinstance(part, ast.List) else [part])]


def _is_place(slice_: ast.expr) -> bool:
    """Whether a subscript picks some of the levels, not a column beside them."""
    return not any(isinstance(part, ast.Name | ast.Constant) and _text(part).isidentifier() for part in _picked(slice_))


def _is_loop(elt: ast.expr, whole: ast.GeneratorExp | ast.ListComp | ast.SetComp) -> bool:
    """Whether a loop over levels hands them on: its own variable, ``int(each)``, or of pairs ``each * n``."""
    if any(isinstance(part, ast.Compare | ast.BoolOp | ast.Attribute) for part in ast.walk(elt)):
        return False
    single = {g.target.id for g in whole.generators if isinstance(g.target, ast.Name) and _is_levels(g.iter)}
    is_weighed = isinstance(elt, ast.BinOp) and any(isinstance(g.target, ast.Tuple) for g in whole.generators)
    return is_weighed or any(isinstance(part, ast.Name) and part.id in single for part in ast.walk(elt))
