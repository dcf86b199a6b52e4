"""Every figure that can be downloaded, as pictures to be looked at: networks of several sizes, light and dark.

    python -m tests.load.pictures_of_figures FOLDER [--only NAME …] [--sites 11 60 1000] [--convenings 0 1 2 20]
        [--widths 1240 660 350 280] [--modes light dark print]

A picture says its figure, sites, convenings, width in pixels and mode in its name. What a figure refuses to be made of
is printed. Reasons, promises and votes are of the tests' drawings: these networks have levels alone.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from unittest.mock import patch

from progressions.charts import theme
from progressions.charts.agreement_gap import sides_apart
from progressions.charts.export import png
from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.measures.agreement import agreement_frame
from progressions.people import Principal
from progressions.services import pictures
from progressions.services.picture_desk import Desk
from progressions.store import Store, open_store
from tests import factories, many_sites
from tests.charts import agreeing
from tests.charts.drawings import ALL
from tests.charts.drawings import RUBRIC as PART

WIDTHS = (1240, 660, 350, 280)
"""Pixels of a chart on a projector, on half of a screen, and on phones 390 and 320 wide."""
MODES = (Mode.LIGHT, Mode.DARK)
RUBRIC = "partnership"
TOLD = ("told line", "promises", "reasons", "team votes", "first votes", "sides apart", "in the room", "bands")


def main() -> None:
    """Draws what was asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--only", nargs="*", default=[])
    asked.add_argument("--sites", nargs="*", type=int, default=[11, 60, 1000])
    asked.add_argument("--convenings", nargs="*", type=int, default=[0, 1, 2, 20])
    asked.add_argument("--widths", nargs="*", type=int, default=list(WIDTHS))
    asked.add_argument("--modes", nargs="*", type=Mode, default=list(MODES))
    of = asked.parse_args()
    of.folder.mkdir(parents=True, exist_ok=True)
    for name in TOLD:
        if not of.only or name in of.only:
            for mode in of.modes:
                _draw(ALL[name](mode), of.folder, f"{name.replace(' ', '-')}_told", mode, of.widths)
    for convenings in of.convenings if not of.only or "sides apart" in of.only else ():
        for mode in of.modes if convenings > 1 else ():
            _draw(_sides(convenings, mode), of.folder, f"sides-apart_{convenings:02}", mode, of.widths)
    for sites in of.sites:
        for convenings in of.convenings:
            _network(of, sites, convenings)


def _sides(convenings: int, mode: Mode) -> Figure:
    days = many_sites.days(convenings)
    said = [each for number in range(convenings) for each in agreeing.at(number, PART, days)]
    return sides_apart(agreement_frame(said), PART, many_sites.names(convenings), who="Alder Valley", mode=mode)


def _network(of: argparse.Namespace, sites: int, convenings: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'network.sqlite3'}")
        staff = many_sites.furnish(store, factories.a_network(store), sites, convenings, of=(RUBRIC,))
        for name, place, address in addresses(sites, convenings):
            if of.only and name not in of.only:
                continue
            for mode in of.modes:
                try:
                    figure = _made(store, staff, name, address, mode)
                except (NotAllowedError, LookupError, ValueError) as problem:
                    print(f"{name}{place} {sites} {convenings}: {type(problem).__name__} {problem}", flush=True)
                    break
                _draw(figure, of.folder, f"{name}{place}_{sites:04}_{convenings:02}", mode, of.widths)
        store.close()


def _made(store: Store, staff: Principal, name: str, address: dict[str, str], mode: Mode) -> Figure:
    """As for the download, in the inks of a screen."""
    paper = {**theme._INKS, Mode.PRINT: theme.inks(mode)}
    with patch.object(theme, "_INKS", paper):
        return pictures._FIGURES[name](Desk(store, staff, address, date(2026, 12, 1)))


def addresses(sites: int, convenings: int) -> Iterator[tuple[str, str, dict[str, str]]]:
    days = [day.isoformat() for day in many_sites.days(convenings)]
    first, last = (days[0], days[-1]) if days else ("", "")
    codes = many_sites.codes(sites)
    own = {"partnership": codes[0], "rubric": RUBRIC}
    between = {"then": first, "now": last}
    net = {"rubric": RUBRIC, "convening": last, "then": days[-2] if len(days) > 1 else ""}
    domain = {"domain": f"{RUBRIC}-3"}
    yield "stands", "", own
    yield "line", "", {**own, **domain}
    yield "heat", "", own
    yield "dumbbells", "", {**own, **between}
    yield "peers", "", {**own, "convening": last}
    yield "peers-over-time", "", {**own, **domain}
    yield "peers-started", "", own
    yield "sites", "", net
    yield "sites", "-by-domain", {**net, "order": f"level:{RUBRIC}-3"}
    yield "site", "", {**net, "partnership": codes[0]}
    for chosen in (2, 6):
        yield "side-by-side", f"-{chosen}", {"rubric": RUBRIC, "sites": "\n".join(codes[:chosen])}
    for whose in ("all", "same"):
        yield "levels", f"-{whose}", {"rubric": RUBRIC, "whose": whose}
        yield "levels", f"-{whose}-domain", {"rubric": RUBRIC, "whose": whose, **domain}
    yield "who-moved", "", {**net, "then": first}
    yield "who-moved", "-domain", {**net, "then": first, **domain}
    yield "who-rated", "", {}


def _draw(figure: Figure, folder: Path, name: str, mode: Mode, widths: Sequence[int]) -> None:
    dark = {"background": theme.inks(mode).paper}
    chart = figure.chart.copy(deep=False)
    chart.config = chart.config.copy(deep=False)
    chart.config.background = dark["background"]
    drawn = Figure(figure.title, figure.finding, figure.alt, figure.n, chart, figure.table)
    for width in widths:
        (folder / f"{name}_{width:04}_{mode.value}.png").write_bytes(png(drawn, width, scale=1))


if __name__ == "__main__":
    main()
