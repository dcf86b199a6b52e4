"""A rubric as sheets of paper to tick: plain HTML without a script, for printers of A4 and Letter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from progressions.people import EXAMPLE_NOTE
from progressions.rubric import Domain, Rubric, RubricVersion
from progressions.services.rubrics import is_working_text
from progressions.team_session import TeamSession
from progressions.web.wording import ROLES, SIDES, WORKING_TEXT, day

BOX = '<span class="box"></span>'
SHEET = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} on paper · Progressions</title>
<style>
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 1rem auto; padding: 0 1rem; max-width: 64rem; background: #fff; color: #17212e;
       font: 13px/1.35 "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }}
h1 {{ font-size: 1.5rem; margin: 0 0 .4rem; }} h2 {{ font-size: 1.05rem; margin: 0 0 .25rem; }}
h2 small {{ font-weight: 400; }} p {{ margin: 0 0 .4rem; }}
.who {{ border: 1px solid #66758a; border-radius: .3rem; padding: .5rem .7rem; margin-bottom: .9rem; }}
.who span.choice {{ display: inline-block; margin-right: 1.1rem; white-space: nowrap; }}
section {{ break-inside: avoid; margin-bottom: .9rem; }}
ol {{ list-style: none; margin: 0; padding: 0; display: grid; gap: .4rem;
     grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); }}
ol > li {{ border: 1px solid #66758a; border-radius: .3rem; padding: .4rem .5rem; }}
ol b {{ display: block; margin-bottom: .2rem; }}
.box {{ display: inline-block; width: .95em; height: .95em; border: 1.5px solid #17212e; margin-right: .4em;
       vertical-align: -.1em; background: #fff; }}
.cannot {{ margin: .3rem 0 0; }} .cannot i {{ font-style: normal; }} footer {{ font-size: .85rem; }}
@page {{ margin: 12mm; }}
@media print {{ body {{ margin: 0; padding: 0; max-width: none; font-size: 9.5pt; }}
  ol {{ grid-template-columns: repeat({levels}, 1fr); }} .screen {{ display: none; }} }}
</style></head>
<body><main><h1>{title}</h1>
<p class="screen">Print this page, one copy for each person. Tick one box a domain.</p>
{whose}<div class="who"><p>I am from the: {sides}</p><p>My role: {roles}</p></div>
{domains}</main><footer>{foot}</footer></body></html>
"""


@dataclass(frozen=True, slots=True)
class Worded:
    """A domain in the words of one version."""

    version: RubricVersion
    domain: Domain


def whole(version: RubricVersion) -> tuple[Worded, ...]:
    """Every domain of a rubric."""
    return tuple(Worded(version, domain) for domain in version.rubric.domains)


def sheet(domains: Sequence[Worded], *, is_example: bool, team: TeamSession | None = None) -> str:
    """Domains of one rubric with a box a level, and who ticks it above; everything is escaped here.

    ``team`` is the session that the sheets are for, None for sheets of no session.
    """
    title = domains[0].version.rubric.title
    versions = {each.version.number: each.version for each in domains}.values()
    foot = [f"{title}, {', '.join(version.label for version in versions)}."]
    foot += [WORKING_TEXT.replace("*", "")] if any(map(is_working_text, versions)) else []
    foot += [EXAMPLE_NOTE] if is_example else []
    return SHEET.format(
        title=escape(title),
        levels=max(len(version.rubric.levels) for version in versions),
        whose=f"<p><b>{escape(team.partnership_title)}</b>, {day(team.held_on)}</p>" if team else "",
        sides=_choices(SIDES.values()),
        roles=_choices(ROLES.values()),
        domains="".join(_domain(each.version.rubric, n, each.domain) for n, each in enumerate(domains, start=1)),
        foot=escape(" ".join(foot)),
    )


def _choices(words: Iterable[str]) -> str:
    return "".join(f'<span class="choice">{BOX}{escape(word)}</span>' for word in words)


def _domain(rubric: Rubric, number: int, domain: Domain) -> str:
    levels = "".join(
        f"<li><b>{BOX}{escape(level.label)}</b>{escape(text)}</li>"
        for level, text in zip(rubric.levels, domain.descriptors, strict=True)
    )
    area = f" <small>{escape(domain.area)}</small>" if domain.area else ""
    return (
        f"<section><h2>{number}. {escape(domain.title)}{area}</h2><ol>{levels}</ol>"
        f'<p class="cannot">{BOX}<i>I cannot judge this</i></p></section>'
    )
