"""What is told beside levels, as it is drawn: hollow dots, flags, promises and reasons, each beside its table."""

from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from progressions.charts.heat import PICKED, heat
from progressions.charts.line import domain_line
from progressions.charts.promises import MOST_DRAWN, promises_kept
from progressions.charts.reasons import moves, reasons_given
from progressions.measures.findings import WHYS
from progressions.measures.frame import tidy, told_frame
from progressions.measures.lines import heat_table, line_of
from progressions.measures.movement import movement_between
from progressions.measures.told import hindsight_points, overdue, promises, reasons_between, told_line
from progressions.ratings import Hindsight, NextStep, Told
from tests.charts import drawings
from tests.charts.drawings import FRAME, RUBRIC, SEASONS, parts, rows, spec_of
from tests.measures.facts import DAYS, fact

OWN = FRAME[FRAME["partnership"] == "P1"]


def a_line(*said, facts=None):
    frame = tidy(facts or [fact(DAYS[0], 1), fact(DAYS[1], 2), fact(DAYS[2], 3)])
    told = told_frame(said)
    line = line_of(frame, "P1", "PART", "D1")
    made = overdue(promises(frame, told), drawings.DUE_PASSED)
    return domain_line(told_line(line, hindsight_points(frame, told), made), RUBRIC, "D1", SEASONS)


def told(day, wording=1, step="", hindsight=None):
    return Told("P1", day, "PART", "D1", wording, None, NextStep(step, "Ana"), hindsight)


def by_convening(figure, column):
    table = figure.table
    return dict(zip(table["Convening"], table[column], strict=True)) if column in table else {}


def test_the_lines_table_has_every_hollow_dot_and_every_flag_and_the_stored_levels_are_as_without():
    for domain in RUBRIC.domains[:8]:
        figure, plain = drawings.told_line_of(domain=domain.code), drawings.line(domain=domain.code)
        looked = by_convening(figure, "Knowing what we know now")
        promised, after = by_convening(figure, "Next step"), by_convening(figure, "Afterwards")
        late = by_convening(figure, "Overdue")
        for row in rows(figure):
            when = row["when"]
            if row["look"] is not None:
                assert looked[when].startswith(f"{row['look']} {drawings.NAMES[row['look'] - 1]} (told ")
            assert row["promise"] == (
                f"{promised[when]} ({late.get(when) or state(figure, when)}); afterwards: {after[when]}"
                if promised.get(when)
                else ""
            )
            assert row["after"] == {"moved up": "up", "stayed": "same", "moved down": "down"}.get(after.get(when))
        same = list(plain.table.columns)
        pd.testing.assert_frame_equal(figure.table[same], plain.table)
        assert [row["level"] for row in rows(figure)] == [row["level"] for row in rows(plain)]


def state(figure, when):
    return by_convening(figure, "State")[when]


def test_some_invented_line_has_hollow_dots_and_flags():
    drawn = [row for domain in RUBRIC.domains[:8] for row in rows(drawings.told_line_of(domain=domain.code))]
    assert sum(row["look"] is not None for row in drawn) > 2
    assert {row["after"] for row in drawn if row["promise"]} == {"up", "same", "down", None}


def test_a_look_back_is_drawn_at_the_convening_that_it_looks_at_and_dated_by_the_one_that_told_it():
    figure = a_line(told(DAYS[2], hindsight=Hindsight(DAYS[1], 1)))
    assert [(row["when"], row["level"], row["look"]) for row in rows(figure)] == [
        (SEASONS[DAYS[0]], 1, None),
        (SEASONS[DAYS[1]], 2, 1),
        (SEASONS[DAYS[2]], 3, None),
    ]
    (_, cell, _) = by_convening(figure, "Knowing what we know now").values()
    assert cell == f"1 {drawings.NAMES[0]} (told {SEASONS[DAYS[2]]})"
    assert "a hollow dot: that level, knowing what we know now" in figure.n


def test_a_look_back_on_other_words_stands_in_the_table_and_is_not_drawn():
    facts = [fact(DAYS[0], 2), fact(DAYS[1], 2, wording=2)]
    figure = a_line(told(DAYS[1], wording=2, hindsight=Hindsight(DAYS[0], 1)), facts=facts)
    assert [row["look"] for row in rows(figure)] == [None, None]
    assert by_convening(figure, "Knowing what we know now")[SEASONS[DAYS[0]]].endswith(", on other words)")
    assert "1 told on other words, in the table only" in figure.n


def test_a_look_back_at_a_level_that_the_rubric_lacks_is_not_drawn():
    figure = a_line(told(DAYS[1], hindsight=Hindsight(DAYS[0], 5)))
    assert [row["look"] for row in rows(figure)] == [None, None, None]
    assert by_convening(figure, "Knowing what we know now")[SEASONS[DAYS[0]]].startswith(
        "level 5 of an earlier version"
    )


def test_a_promise_stands_where_it_was_made_even_where_nothing_was_rated():
    facts = [fact(DAYS[0], 1), fact(DAYS[2], 2), fact(DAYS[1], 1, domain="D2")]
    figure = a_line(told(DAYS[1], step="Come back to it"), told(DAYS[0], step="Walk"), facts=facts)
    assert [(row["level"], bool(row["promise"]), row["after"]) for row in rows(figure)] == [
        (1, True, "up"),
        (None, True, None),
        (2, False, None),
    ]
    assert set(figure.table["By"]) == {""}  # of no day: the column is there for those who read the table
    assert "After 2 promises: 1 moved up, 1 not rated when promised" in figure.finding


def test_without_anything_told_a_line_has_no_marks_and_no_columns_of_it():
    figure = a_line()
    assert "hollow" not in figure.n
    assert list(figure.table.columns) == ["Convening", "Level", "Level name", "Wording"]
    assert len(spec_of(figure)["layer"]) == len(spec_of(drawings.line(domain="D1"))["layer"])


def test_more_than_twelve_convenings_draw_what_was_told_too():
    days = [DAYS[0].replace(year=2000 + number) for number in range(20)]
    figure = a_line(told(days[3], step="Walk", hindsight=Hindsight(days[2], 1)), facts=[fact(day, 2) for day in days])
    assert sum(row["look"] is not None for row in rows(figure)) == 1
    assert sum(bool(row["promise"]) for row in rows(figure)) == 1


def test_the_promises_table_has_every_promise_and_the_drawing_the_same_levels():
    figure = drawings.promised()
    drawn = [(row["title"], row["when"], row["then"], row["now"], row["step"]) for row in rows(figure)]
    table = [
        (
            row["Domain"],
            row["Convening"],
            number(row["Level when promised"]),
            number(row["Latest level since"]),
            row["Next step"],
        )
        for row in figure.table.to_dict("records")
    ]
    assert drawn == table
    assert len(table) == (drawings.told()["step"] != "").sum() > 10
    words = {"moved up": "up ", "moved down": "down ", "stayed": "stayed", "not rated since": "not rated"}
    for row, twin in zip(rows(figure), figure.table.to_dict("records"), strict=True):
        assert row["words"].startswith(words.get(twin["Afterwards"], "reworded"))
        assert row["words"].endswith(f"({'overdue' if twin['Overdue'] else twin['State']})")


def number(label):
    return None if label == "not rated" else label.split()[0]


def test_the_promises_sentence_counts_the_table():
    figure = drawings.promised()
    after, states = Counter(figure.table["Afterwards"]), Counter(figure.table["State"])
    up, stayed, made = after["moved up"], after["stayed"], len(figure.table)
    assert figure.finding.startswith(f"After {up} of {made} promises the domain moved up, after {stayed} it stayed")
    of_states = f"{states['open']} open, {states['done']} done, {states['dropped']} dropped"
    late = [row for row in figure.table.to_dict("records") if row["Overdue"]]
    assert {(row["State"], row["By"]) for row in late} == {("open", "15 Oct 2026")}
    kinds = Counter(row["Afterwards"] for row in late)
    told = ", ".join(f"{kinds[words]} {words}" for words in KINDS if kinds[words])
    assert figure.finding.endswith(f"{of_states}. Overdue {len(late)}: {told}")
    assert "overdue: still open after its day" in figure.n


KINDS = ("stayed", "moved down", "not rated since", "not rated when promised", "reworded since")


def test_of_very_many_promises_the_latest_are_drawn_and_the_table_has_all():
    days = [DAYS[0].replace(year=2000 + number) for number in range(20)]
    facts = [fact(day, 2, domain=code) for day in days for code in ("D1", "D2")]
    said = [Told("P1", day, "PART", code, 1, None, NextStep("Walk"), None) for day in days for code in ("D1", "D2")]
    made = overdue(promises(tidy(facts), told_frame(said)), drawings.DUE_PASSED)
    figure = promises_kept(made, RUBRIC, {})
    assert len(rows(figure)) == MOST_DRAWN
    assert len(figure.table) == 40
    assert figure.table["Convening"].iloc[0].endswith("2019")
    assert f"drawn are the latest {MOST_DRAWN}" in figure.n
    assert "overdue" not in figure.n  # no day was named


def test_the_table_of_reasons_has_every_square_and_each_cell_its_count():
    figure = drawings.reasons()
    squares = [row for row in rows(figure) if row["count"] is None]
    table = {row["Reason given"]: row for row in figure.table.to_dict("records")}
    counts = {(row["why"], row["way"]): row["count"] for row in rows(figure) if row["count"] is not None}
    assert counts == {**dict.fromkeys(counts, 0), **Counter((row["why"], row["way"]) for row in squares)}
    heads = {"up": "Moved up", "down": "Moved down"}
    assert {(WHYS[why], way): count for (why, way), count in counts.items()} == {
        (why, way): row[head] for why, row in table.items() for way, head in heads.items()
    }
    assert list(figure.table["Reason given"])[-1] == "No reason given"
    for (why, way), count in counts.items():
        inside = [row for row in squares if (row["why"], row["way"]) == (why, way)]
        named = table[WHYS[why]][f"{heads[way]}: which"]
        assert len(inside) == count == named.count(" to ")
        assert all(f"{row['title']} ({row['then']} to {row['now']}" in named for row in inside)
    moved = movement_between(OWN, drawings.THEN, drawings.NOW)
    assert figure.table[list(heads.values())].sum().sum() == moved["movement"].isin(["up", "down"]).sum() > 3


def test_what_moved_stands_beside_the_counts_as_a_list_of_the_squares():
    moved = reasons_between(OWN, drawings.told(), drawings.THEN, drawings.NOW)
    squares = [row for row in rows(drawings.reasons()) if row["count"] is None]
    drawn = sorted((row["title"], row["moved"], row["then"], row["now"], row["reasons"]) for row in squares)
    assert drawn == sorted(tuple(row.values()) for row in moves(moved, RUBRIC).to_dict("records"))


def test_a_cell_of_reasons_holds_all_domains_of_a_framework():
    domains = tuple(replace(RUBRIC.domains[0], code=f"X{n}", title=f"Domain {n}") for n in range(24))
    facts = [fact(DAYS[at], at + 1, domain=d.code) for d in domains for at in (0, 1)]
    moved = reasons_between(tidy(facts), told_frame([]), DAYS[0], DAYS[1])
    figure = reasons_given(moved, replace(RUBRIC, domains=domains), "then", "now")
    squares = [row for row in rows(figure) if row["count"] is None]
    assert len({(row["at"], row["line"]) for row in squares}) == 24
    assert all(0 < row["line"] < 3 and 0 < row["at"] < 10 for row in squares)
    assert figure.finding == "Of 24 that moved up: no reason given 24"


def test_reasons_refuse_to_mix_partnerships():
    moved = reasons_between(FRAME, drawings.told(), drawings.THEN, drawings.NOW)
    with pytest.raises(ValueError, match="one partnership"):
        reasons_given(moved, RUBRIC, "then", "now")


def test_domains_stand_under_the_headings_of_their_areas_and_the_table_names_them():
    areas = ["Aims", "People", "Aims", "People", "", "Aims", "People", "Aims", "People"]
    domains = tuple(replace(d, area=area) for d, area in zip(RUBRIC.domains, areas, strict=True))
    figure = heat(heat_table(FRAME, "P1", "PART"), replace(RUBRIC, domains=domains), SEASONS)
    (order,) = {tuple(p["scale"]["domain"]) for p in parts(spec_of(figure)) if p.get("field") == "domain"}
    first, second = (key for key in order if not key.startswith("D"))
    assert order == ("D4", first, "D0", "D2", "D5", "D7", second, "D1", "D3", "D6", "D8")
    assert list(figure.table["Area"]) == ["", *["Aims"] * 4, *["People"] * 4]
    labels = next(p["labelExpr"] for p in parts(spec_of(figure)) if "labelExpr" in p and "Aims" in p["labelExpr"])
    assert f'"{first}": ["Aims"]' in labels
    assert f'"{second}": ["People"]' in labels
    assert len(rows(figure)) == 9 * len(SEASONS)


def test_a_click_on_the_heat_table_tells_the_domain():
    (param,) = (each for each in spec_of(drawings.heat_of())["params"] if "select" in each)
    assert (param["name"], param["select"]) == (PICKED, {"type": "point", "fields": ["domain"]})


def test_what_became_of_a_promise_is_dated_by_the_latest_rating_since_on_its_words_or_else_by_the_latest():
    of_domain = dict(zip(drawings.TITLES, _ratings(), strict=True))
    dated = drawings.promised().table
    for row in dated.to_dict("records"):
        rated = of_domain[row["Domain"]]
        made = next(each for each in rated if each["when"] == row["Convening"])
        since = [each for each in rated if each["held_on"] > made["held_on"]]
        same = [each for each in since if each["wording"] == made["wording"]]
        last = (same or since or [{"when": "", "level": None}])[-1]
        assert row["Rated at"] == last["when"]
        assert row["Latest level since"].split()[0] == ("not" if last["level"] is None else str(last["level"]))
    assert len(set(dated["Rated at"])) > 2
    assert (dated["Rated at"] != dated["Convening"]).all()


def _ratings():
    """What Site 1 rated in each domain, oldest first."""
    own = OWN.sort_values("held_on").to_dict("records")
    rated = [{**row, "when": SEASONS[row["held_on"].date()]} for row in own]
    return [[row for row in rated if row["domain"] == domain.code] for domain in RUBRIC.domains]
