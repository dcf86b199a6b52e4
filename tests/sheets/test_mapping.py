"""A mapping is taken as it is documented, or refused with the key that is wrong."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from progressions.errors import MappingError
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


@pytest.mark.parametrize(
    "mapping",
    [
        WIDE,
        LONG,
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
    assert [read_mapping(text).layout for text in examples] == [Layout.WIDE, Layout.LONG]


def test_the_document_names_every_key():
    text = DOCUMENT.read_text(encoding="utf-8")
    for key in WIDE.keys() | LONG.keys() | {"column", "date", "file_name", "title_column"}:
        assert f"`{key}`" in text or f'"{key}"' in text, key
