"""Tooltips that name only what is there.

Vega-Lite gives a tooltip a row for each of its fields, whether the mark has something to say of it or not: "Of the
rest:" and nothing behind it. So what is sent has, for each layer, one expression in the place of its fields, which
leaves the empty ones out; and so does what is read aloud of a mark, which would otherwise also tell the keys of rows
and columns. A mark without a tooltip is not read at all.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from progressions.charts.labels import cut

_BETWEEN = "; "


def naming_only_what_is_there(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification of layers, where each layer's tooltip leaves out the fields that are empty in a row."""
    return {**spec, "layer": [_told(layer) for layer in spec["layer"]]}


def _told(layer: dict[str, Any]) -> dict[str, Any]:
    fields = layer["encoding"].get("tooltip")
    if not isinstance(fields, list):  # a rule, an outline, words beside a mark that tells of itself
        mark = layer["mark"] if isinstance(layer["mark"], dict) else {"type": layer["mark"]}
        return {**layer, "mark": {**mark, "aria": False}}
    tooltip, read = _expression(_tip(fields)), _expression(_aloud(fields))
    return {**layer, "encoding": {**layer["encoding"], "tooltip": tooltip, "description": read}}


def _expression(text: str) -> dict[str, Any]:
    return {"value": {"expr": text}}


def _tip(fields: Sequence[Mapping[str, Any]]) -> str:
    """One object of all rows that are there, under their titles."""
    rows = (f"{_is_there(each)} ? {{{_title(each)}: {_value(each)}}} : {{}}" for each in fields)
    return f"merge({', '.join(rows)})"


def _aloud(fields: Sequence[Mapping[str, Any]]) -> str:
    """The same rows as one text."""
    rows = (f"({_is_there(each)} ? '{_BETWEEN}' + {_title(each)} + ': ' + {_value(each)} : '')" for each in fields)
    return f"slice({' + '.join(rows)}, {len(_BETWEEN)})"


def _title(field: Mapping[str, Any]) -> str:
    """A convening may lend its name, which a file may have brought without an end."""
    return json.dumps(cut(field["title"]))


def _is_there(field: Mapping[str, Any]) -> str:
    return f"(isValid({_datum(field)}) && {_datum(field)} !== '')"


def _value(field: Mapping[str, Any]) -> str:
    return f"format({_datum(field)}, {json.dumps(field['format'])})" if "format" in field else _datum(field)


def _datum(field: Mapping[str, Any]) -> str:
    return f"datum[{json.dumps(field['field'])}]"
