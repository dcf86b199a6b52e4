"""Figures as pictures, with their title, finding and n on them, and a footer that says whose data it is."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from progressions.charts.figure import Figure
from progressions.charts.labels import cut
from progressions.charts.theme import FONT, TEXT_SIZE

EXAMPLE = "Invented example"
_SIZE = re.compile(r'(<svg[^>]*?) width="([\d.]+)" height="([\d.]+)" viewBox="0 0 ([\d.]+) ([\d.]+)"')
_NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u00(?:0[0-8bcef]|1[0-9a-f])|uff(?:fe|ff)|b|f)")
_EXPRESSIONS = ("labelExpr", "test", "expr", "calculate", "filter")
"""Parts of a specification that hold texts as JSON escapes them."""
_FOOTER_HEIGHT = 2 * TEXT_SIZE


@dataclass(frozen=True, slots=True)
class Footer:
    """What a picture must still say when it is passed on alone."""

    network: str
    day: date
    population: str = ""
    is_example: bool = False

    @property
    def text(self) -> str:
        """For example "iLEAD · all who rated · 14 Oct 2026 · Invented example"."""
        shown = f"{self.day:%d %b %Y}".lstrip("0")
        parts = [self.network, self.population, shown, EXAMPLE if self.is_example else ""]
        return " · ".join(part for part in parts if part)


def svg(figure: Figure, width: int = 1200, footer: Footer | None = None) -> str:
    """The figure as SVG text, ``width`` pixels wide. Draw the figure in the print mode for paper."""
    import vl_convert  # here, because it starts a JavaScript engine that a page without exports never needs

    drawn: str = vl_convert.vegalite_to_svg(_drawable(figure.sized(width)))
    return drawn if footer is None else _with_footer(drawn, _drawable(footer.text))


def _drawable(part: Any) -> Any:
    """A part of a specification without characters that no SVG can hold: one of them ends the whole process.

    Endless texts are cut: drawing one of 64,000 characters takes half a minute, and everybody else's waits behind it.
    """
    if isinstance(part, str):
        return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", cut(part))
    if isinstance(part, dict):
        return {
            _drawable(name): _unescaped(value) if name in _EXPRESSIONS and isinstance(value, str) else _drawable(value)
            for name, value in part.items()
        }
    return [_drawable(each) for each in part] if isinstance(part, list) else part


def _unescaped(expression: str) -> str:
    told = _ESCAPED.sub(r"\1" + "\N{REPLACEMENT CHARACTER}", expression)
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", told)


def png(figure: Figure, width: int = 1200, footer: Footer | None = None, scale: float = 2.0) -> bytes:
    """The figure as PNG bytes, ``width`` × ``scale`` pixels wide."""
    import vl_convert  # here, because it starts a JavaScript engine that a page without exports never needs

    picture: bytes = vl_convert.svg_to_png(svg(figure, width, footer), scale=scale)
    return picture


def _with_footer(drawn: str, text: str) -> str:
    """The picture made taller by one line at its foot; ValueError where it is not what vl-convert draws."""
    found = _SIZE.search(drawn)
    if found is None:
        raise ValueError("a picture without width, height and viewBox has no place for a footer")
    head, width, height = found[1], found[2], float(found[3])
    taller = height + _FOOTER_HEIGHT
    size = f'{head} width="{width}" height="{taller:g}" viewBox="0 0 {width} {taller:g}"'
    foot = (
        f'<text x="4" y="{taller - TEXT_SIZE / 2:g}" font-family="{escape(FONT, {chr(34): "&apos;"})}" '
        f'font-size="{TEXT_SIZE}px" fill="#333333">{escape(text)}</text></svg>'
    )
    return drawn.replace(found[0], size, 1).removesuffix("</svg>") + foot
