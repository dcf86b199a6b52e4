"""A mapping is taken as it is documented, or refused with the key that is wrong."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from progressions.errors import MappingError
from progressions.sheets.day_rules import YearDay
from progressions.sheets.mapping import (
    ConveningSource,
    DomainRef,
    Layout,
    LongColumns,
    RatingsMapping,
    read_mapping,
    write_mapping,
)

WIDE = {
    "sheet": "Ratings",
    "header_row": 3,
    "layout": "wide",
    "partnership": "Partnership",
    "partnership_code": "Code",
    "convening": {"column": "Date", "title_column": "Convening"},
    "day_first": True,
    "domains": {"One": "ihe/ihe-1"},
    "levels": {"good": 3},
    "not_rated": ["n/a"],
}
LONG = {
    "layout": "long",
    "partnership": "Partnership",
    "convening": {"date": "2024-10-31"},
    "rubric": {"is": "ihe"},
    "domain": "Domain",
    "level": "Level",
    "domain_texts": {"Faculty": "ihe/ihe-1"},
}
ACROSS = {
    "sheet": "*",
    "header_row": 2,
    "header_rows": 2,
    "layout": "across",
    "partnership": {"sheet_name": True},
    "convening": {"heading": True},
    "day_first": False,
    "year_day": "07-01",
    "date_texts": {"Fall 2024": "2024-10-01"},
    "rubric": {"any": True},
    "domain": "Domain",
    "dates": ["2023", "Fall 2024"],
    "levels": {"good": 3, "lea": {"good": 2}},
}
DOCUMENT = Path(__file__).resolve().parents[2] / "data" / "MAPPING.md"


def test_a_wide_mapping_is_read():
    assert read_mapping(json.dumps(WIDE)) == RatingsMapping(
        partnership="Partnership",
        convening=ConveningSource(column="Date", title_column="Convening"),
        layout=Layout.WIDE,
        sheet="Ratings",
        header_row=3,
        partnership_code="Code",
        day_first=True,
        domains={"One": DomainRef("ihe", "ihe-1")},
        levels={"good": 3},
        not_rated=("n/a",),
    )


def test_a_long_mapping_is_read():
    assert read_mapping(json.dumps(LONG)) == RatingsMapping(
        partnership="Partnership",
        convening=ConveningSource(held_on=date(2024, 10, 31)),
        layout=Layout.LONG,
        long=LongColumns("Domain", "Level", rubric_is="ihe", domain_texts={"Faculty": DomainRef("ihe", "ihe-1")}),
    )


def test_a_mapping_across_is_read():
    assert read_mapping(json.dumps(ACROSS)) == RatingsMapping(
        partnership="",
        convening=ConveningSource(from_heading=True),
        layout=Layout.ACROSS,
        sheet="*",
        header_row=2,
        header_rows=2,
        day_first=False,
        long=LongColumns("Domain", dates=("2023", "Fall 2024")),
        levels={"good": 3},
        levels_of={"lea": {"good": 2}},
        partnership_from_sheet=True,
        year_day=YearDay(7, 1),
        date_texts={"Fall 2024": date(2024, 10, 1)},
    )


@pytest.mark.parametrize(
    "mapping",
    [
        WIDE,
        LONG,
        ACROSS,
        ACROSS | {"partnership": {"is": "Alder"}, "sheet": ["One", "Two"]},
        WIDE | {"convening": {"cell": "B1"}},
        WIDE | {"convening": {"sheet_name": True}, "levels": {"One": {"good": 4}}},
        LONG | {"rubric": "Rubric"},
        WIDE | {"convening": {"file_name": True}},
        WIDE | {"sheet": None, "partnership_code": None},
    ],
)
def test_a_mapping_that_is_written_is_read_back(mapping: dict[str, object]):
    read = read_mapping(json.dumps(mapping))
    assert read_mapping(write_mapping(read)) == read


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"headers": 1}, ["“headers” is no key", "“header_row”"]),
        ({"layout": "tall"}, ["“layout”", "“wide”"]),
        ({"layout": "long"}, ["“domains” is no key", "“domain_texts”"]),
        ({"partnership": ""}, ["“partnership”", "heading"]),
        ({"partnership_code": 4}, ["“partnership_code”", "heading or null"]),
        ({"sheet": 1}, ["“sheet”", "sheet's name"]),
        ({"header_row": 0}, ["“header_row”", "from 1"]),
        ({"header_row": True}, ["“header_row”", "from 1"]),
        ({"convening": "Date"}, ["“convening”", "braces"]),
        ({"convening": {}}, ["“convening”", "exactly one"]),
        ({"convening": {"column": "Date", "date": "2024-10-31"}}, ["“convening”", "exactly one"]),
        ({"convening": {"date": "31/10/2024"}}, ["“date”", "2024-10-31"]),
        ({"convening": {"file_name": "yes"}}, ["“file_name”", "true"]),
        ({"convening": {"day": "Date"}}, ["“day” is no key", "“column”"]),
        ({"day_first": None}, ["“day_first”", "never guessed"]),
        ({"day_first": "yes"}, ["“day_first”", "31/10/2024"]),
        ({"domains": {}}, ["“domains”", "at least one"]),
        ({"domains": {"One": "ihe-1"}}, ["“domains: One”", "ihe/ihe-1"]),
        ({"levels": {"good": 0}}, ["“levels: good”", "from 1"]),
        ({"levels": {"good": "3"}}, ["“levels: good”", "from 1"]),
        ({"levels": {"good": 3, "Good ": 2}}, ["two meanings"]),
        ({"not_rated": "n/a"}, ["“not_rated”", "list"]),
        ({"not_rated": ["GOOD"]}, ["“GOOD” is both"]),
        ({"levels": {"ihe": {"N/A": 2}}}, ["“n/a” is both"]),
        ({"levels": {"ihe": {"good": 0}}}, ["“levels: ihe: good”", "from 1"]),
        ({"sheet": []}, ["“sheet”", "“*” for all"]),
        ({"header_rows": 0}, ["“header_rows”", "how many"]),
        ({"header_rows": 4}, ["“header_rows”", "at most"]),
        ({"partnership": {"is": "Alder"}}, ["“partnership”", "without “partnership_code”"]),
        ({"partnership": {"was": "Alder"}}, ["“was” is no key"]),
        ({"convening": {"sheet_name": "yes"}}, ["“sheet_name”", "true"]),
        ({"year_day": "31-12"}, ["“year_day”", "07-01"]),
        ({"year_day": 7}, ["“year_day”", "07-01"]),
        ({"date_texts": {"Fall": "soon"}}, ["“date_texts: Fall”", "2024-10-31"]),
        ({"dates": ["2023"]}, ["“dates” is no key"]),
    ],
)
def test_what_is_wrong_in_a_mapping_is_named_with_what_is_expected(change: dict[str, object], named: list[str]):
    with pytest.raises(MappingError) as refused:
        read_mapping(json.dumps(WIDE | change))
    assert all(part in str(refused.value) for part in named), str(refused.value)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"rubric": None}, "“rubric”"),
        ({"rubric": {"was": "ihe"}}, "“was” is no key"),
        ({"rubric": {"any": False}}, "“any”"),
        ({"convening": {"heading": True}, "day_first": True}, "no columns of convenings"),
        ({"layout": "across", "level": None}, "“level” is no key"),
        ({"domain": None}, "“domain”"),
        ({"level": 3}, "“level”"),
        ({"domain_texts": {"x": 1}}, "“domain_texts: x”"),
        ({"domains": {"One": "ihe/ihe-1"}}, "“domains” is no key"),
    ],
)
def test_what_is_wrong_in_a_long_mapping_is_named(change: dict[str, object], named: str):
    with pytest.raises(MappingError, match=named):
        read_mapping(json.dumps(LONG | change))


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"layout": "wide", "layout": "long"}', "[" * 100_000])
def test_what_is_no_mapping_at_all_is_refused(text: str):
    with pytest.raises(MappingError):
        read_mapping(text)


def test_the_examples_of_the_document_are_mappings():
    examples = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert [read_mapping(text).layout for text in examples] == [Layout.WIDE, Layout.LONG, Layout.ACROSS]


def test_the_document_names_every_key():
    text = DOCUMENT.read_text(encoding="utf-8")
    sources = {"column", "date", "file_name", "sheet_name", "heading", "cell", "title_column"}
    for key in WIDE.keys() | LONG.keys() | ACROSS.keys() | sources:
        assert f"`{key}`" in text or f'"{key}"' in text, key
