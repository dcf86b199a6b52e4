"""Where a mark stands in the picture, in pixels or by an expression, where no field says it.

Altair's own short forms, ``alt.value`` and a text like "level:N", are looked up in its schema at every use, which takes
as long as drawing a hundred channels that are made as what they are. So charts name each channel by its class.
"""

from typing import TypeAlias

import altair as alt

Place: TypeAlias = float | str | alt.ExprRef


def x_at(place: Place) -> alt.XValue:
    """From the left."""
    return alt.XValue(place)  # type: ignore[no-untyped-call]


def x2_at(place: Place) -> alt.X2Value:
    """The other end, from the left."""
    return alt.X2Value(place)  # type: ignore[no-untyped-call]


def y_at(place: Place) -> alt.YValue:
    """From the top."""
    return alt.YValue(place)  # type: ignore[no-untyped-call]


def y2_at(place: Place) -> alt.Y2Value:
    """The other end, from the top."""
    return alt.Y2Value(place)  # type: ignore[no-untyped-call]
