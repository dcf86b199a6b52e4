"""Numbers instead of codes: rows are grouped and joined by whole numbers several times as fast as by texts."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from progressions.measures.columns import COUNT

Numbers = npt.NDArray[np.int64]


def numbered(frame: pd.DataFrame, names: Sequence[str]) -> Numbers:
    """For each row a number from 0 that stands for its values of these columns, and for no others."""
    numbers = np.zeros(len(frame), dtype=np.int64)
    for name in names:
        codes, different = pd.factorize(frame[name])
        numbers = numbers * len(different) + codes
    return numbers


def numbered_alike(
    frame: pd.DataFrame, other: pd.DataFrame, names: Sequence[str], within: tuple[Numbers, Numbers] | None = None
) -> tuple[Numbers, Numbers]:
    """The same of two frames, in which equal values have equal numbers; -1 where ``frame`` lacks one of the values.

    ``within`` are numbers that stand for further columns of the two already.
    """
    mine, theirs = within or (np.zeros(len(frame), dtype=np.int64), np.zeros(len(other), dtype=np.int64))
    for name in names:
        codes, different = pd.factorize(frame[name])
        found = places_among(other[name], different)
        mine = mine * len(different) + codes
        theirs = np.where((theirs < 0) | (found < 0), -1, theirs * len(different) + found)
    return mine, theirs


def places_among(column: pd.Series, values: Sequence[object] | pd.Index) -> Numbers:
    """For each row the place of its value among these, -1 where it is none of them."""
    codes, different = pd.factorize(column)
    places: Numbers = np.append(pd.Index(values).get_indexer(pd.Index(different)), -1)[codes]
    return places


def counts_at(rows: pd.DataFrame, axes: Mapping[str, Sequence[object] | pd.Index]) -> Numbers:
    """How many rows have each combination of these values, in an array with a dimension a column, in their order.

    Rows with a gap or with any other value are not counted.
    """
    at, shape = np.zeros(len(rows), dtype=np.int64), [len(values) + 1 for values in axes.values()]
    for size, (name, values) in zip(shape, axes.items(), strict=True):
        at = at * size + places_among(rows[name], values) + 1  # so that what is not counted lies in places of its own
    counts = np.bincount(at, minlength=np.prod(shape, dtype=int)).reshape(shape)
    return counts[(slice(1, None),) * len(shape)]


def counted_at(rows: pd.DataFrame, axes: Mapping[str, Sequence[object] | pd.Index], whole: str = "") -> pd.DataFrame:
    """The same, one row a combination: a column for each axis, and ``count``, which is 0 where there is no row.

    ``whole`` names a column with the sum of ``count`` over all values of the last axis, where it is wanted.
    """
    return combined(counts_at(rows, axes), axes, whole)


def combined(counts: Numbers, axes: Mapping[str, Sequence[object] | pd.Index], whole: str = "") -> pd.DataFrame:
    """What ``counts_at`` gives, as ``counted_at`` gives it."""
    places = np.indices(counts.shape).reshape(counts.ndim, -1)
    over = {name: pd.Index(values).take(at) for (name, values), at in zip(axes.items(), places, strict=True)}
    sums = {whole: counts.sum(axis=-1).repeat(counts.shape[-1])} if whole else {}
    return pd.DataFrame({**over, COUNT: counts.ravel(), **sums})
