"""Every measure says what it counts, of whom, out of how many; docs/measures.md says the same to a superintendent."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from docs.make_measures import LABELS, PAGE, SECTIONS, SOURCES, Function, functions, labelled, page

MODULES = Path(__file__).resolve().parents[2] / "progressions" / "measures"
HELPERS = {
    "agreement": {"agreed_sentence", "closing_sentence", "steps", "voters_sentence"},
    "asked": {"versions_at"},
    "cells": {"may_be_told"},
    "chance": {"chance_words", "fitting_words", "more_words"},
    "disclosure": {
        "band",
        "current",
        "history_frame",
        "level_at",
        "released",
        "released_in_sets",
        "releases",
        "states_in_sets",
        "states_now",
        "states_of",
        "states_released",
        "stories",
        "upper_half",
        "wording_at",
    },
    "findings": {
        "beside_sentence",
        "counted",
        "coverage_sentence",
        "left_out_words",
        "line_sentence",
        "month",
        "movement_sentence",
        "overdue_words",
        "promises_sentence",
        "reasons_sentence",
        "share",
        "share_of",
        "since_first_sentence",
        "spread_sentence",
        "standing_sentence",
        "voters_each",
    },
    "frame": {
        "attendance_frame",
        "brought_up_to_date",
        "of_domains",
        "of_rubric",
        "on_days",
        "rows_of",
        "tidied",
        "tidy",
        "told_frame",
        "where",
    },
    "lines": {"heat_tables"},
    "movement": {"named_movement"},
    "network": {"has_same_sites"},
    "numbers": {"combined", "counted_at", "counts_at", "numbered", "numbered_alike", "places_among"},
    "pasts": {"past_of", "side_by_side"},
    "peers": {"of_set", "on_wordings", "own_on_bands", "own_on_bands_over_time", "own_over_time", "peers_shown"},
    "sites": {"last_together", "site_order"},
    "started": {"joined", "told_together"},
    "stuck": {"moved_from"},
    "told": {"told_line", "why"},
    "votes": {"by_round", "middle", "sentence"},
}
"""By module the public functions that are no measures: sentences, frames to begin with, what may be shown, orders."""
ALL = list(functions())
MEASURES = [each for each in ALL if each.says]
FORBIDDEN = re.compile(r"\b(scores?|items?|categor(y|ies)|events?|orgs?|tenants?)\b", re.IGNORECASE)
CITED = re.compile(r"[A-Z][a-z]+(?: & [A-Z][a-z]+| et al\.)? (?:19|20)\d\d")
BLOCK = re.compile(r"^### (.+)\n\n(- .+)\n(- .+)\n(- .+)\n\n(`.+)$", re.MULTILINE)


def _public_functions_at_run_time() -> set[str]:
    """Found by importing, not from the text: what a module defines itself, without a leading underscore."""
    found = set()
    for file in MODULES.glob("*.py"):
        module = importlib.import_module(f"progressions.measures.{file.stem}")
        for name, each in inspect.getmembers(module, inspect.isfunction):
            if each.__module__ == module.__name__ and not name.startswith("_"):
                found.add(f"{file.stem}.{name}")
    return found


def test_every_public_function_is_a_measure_or_a_helper_and_none_is_both() -> None:
    helpers = [f"{module}.{name}" for module, names in HELPERS.items() for name in names]
    assert sorted([*helpers, *(each.path for each in MEASURES)]) == sorted(_public_functions_at_run_time())


@pytest.mark.parametrize("measure", MEASURES, ids=lambda each: each.path)
def test_a_measure_says_population_denominator_not_rated_unit_and_source(measure: Function) -> None:
    assert tuple(measure.says) == LABELS
    assert [label for label, text in measure.says.items() if not re.search(r"\w", text) or text.endswith(".")] == []


def test_what_a_measure_says_is_said_in_its_labelled_lines_alone() -> None:
    spoken = re.compile(r"^\s*(?:Population|Denominator|Not rated|Unit|Source)\b.*: ", re.MULTILINE)
    said = {each.path: len(spoken.findall(_docstring(each))) for each in MEASURES}
    assert {path: lines for path, lines in said.items() if lines != 5} == {}


def _docstring(measure: Function) -> str:
    module = importlib.import_module(f"progressions.measures.{measure.module}")
    return inspect.getdoc(getattr(module, measure.name)) or ""


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "the docstrings have changed: make docs"


def test_the_page_explains_each_measure_in_three_lines_and_a_technical_one() -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    told = {(heading, technical.split("`")[1]) for heading, *_, technical in blocks}
    assert len(blocks) == len(MEASURES)
    assert told == {(each.says["Measure"], each.path) for each in MEASURES}
    assert all(" · Unit: " in technical and " · Source: " in technical for *_, technical in blocks)


def test_every_heading_of_the_page_stands_there_once() -> None:
    headings = re.findall(r"^#+ (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert set(SECTIONS) == {each.module for each in MEASURES}


def test_every_source_that_a_measure_cites_is_given_in_full_and_no_other() -> None:
    cited = {name for each in MEASURES for name in CITED.findall(each.says["Source"])}
    assert cited == {CITED.findall(source)[0] for source in SOURCES}


def test_the_page_keeps_to_the_words_of_the_field() -> None:
    assert FORBIDDEN.findall(PAGE.read_text(encoding="utf-8")) == []


def test_a_docstring_without_the_labelled_lines_is_no_measure_and_a_missing_line_shows() -> None:
    assert labelled("Counts.\n\nPopulation: everybody.") == {}
    assert labelled("Counts.\n\n    Measure: Counts\n    Tells: how\n        many\n    Unit: one\n") == {
        "Measure": "Counts",
        "Tells": "how many",
        "Unit": "one",
    }
