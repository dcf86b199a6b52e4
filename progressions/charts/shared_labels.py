"""What several layers of a chart write at their axes and legends, said once: a parameter that all of them name."""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

NAME = "labels"
"""Begins the names of these parameters."""
_GUIDES = ("axis", "legend")
_LITERAL = re.compile(r'(?<![\w\])])[{\[]"')
"""Where texts begin in an expression, by key or as a list; after a word or a bracket it would be a place in some."""
_DECODER = json.JSONDecoder()


def shared(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification of layers, where texts that stand twice or more in their guides are a parameter.

    Altair writes the titles of all rows into each layer, and again for a phone: of sixty sites they would be longer
    than all their levels.
    """
    pieces = cache(_pieces)
    found: Counter[str] = Counter()
    for text in _texts(spec):
        found.update(piece for piece in pieces(text) if _LITERAL.match(piece))
    names = {piece: f"{NAME}{place}" for place, piece in enumerate(p for p, times in found.items() if times > 1)}

    def named(text: str) -> str:
        return "".join(names.get(piece, piece) for piece in pieces(text))

    params = [{"name": name, "expr": literal} for literal, name in names.items()]
    layers = [_with_guides(layer, named) for layer in spec["layer"]]
    return {**spec, "params": [*spec["params"], *params], "layer": layers}


def _texts(spec: dict[str, Any]) -> list[str]:
    """Every text in the guides of all layers, as often as it stands there."""
    texts: list[str] = []

    def keep(text: str) -> str:
        texts.append(text)
        return text

    for layer in spec["layer"]:
        _with_guides(layer, keep)
    return texts


def _with_guides(layer: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """A layer with another text for each text in its guides."""
    encoding = {
        channel: {name: _changed(part, change) if name in _GUIDES else part for name, part in at.items()}
        if isinstance(at, dict)
        else at
        for channel, at in layer["encoding"].items()
    }
    return {**layer, "encoding": encoding}


def _changed(part: Any, change: Callable[[str], str]) -> Any:
    if isinstance(part, str):
        return change(part)
    if isinstance(part, dict):
        return {name: _changed(each, change) for name, each in part.items()}
    return [_changed(each, change) for each in part] if isinstance(part, list) else part


def _pieces(expression: str) -> list[str]:
    """An expression in parts, of which some are literals."""
    pieces, end = [], 0
    while literal := _LITERAL.search(expression, end):
        pieces.append(expression[end : literal.start()])
        _, end = _DECODER.raw_decode(expression, literal.start())
        pieces.append(expression[literal.start() : end])
    return [*pieces, expression[end:]]
