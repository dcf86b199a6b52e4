"""What measures and chart pages cost in a large network: `make bench-measures`.

1,000 partnerships, 24 domains, 20 convenings: 480,000 ratings. Measures beside the group-by that they stand on, chart
pages over the real websocket with the server as it is shipped; server and driver share this machine.
"""

import argparse
import os
import sys

from tests.load import bench_measures_floor as floor
from tests.load import bench_measures_pages as pages
from tests.load.bench_measures_network import furnished

PARTS = ("measures", "pages")


def main() -> int:
    """0 where everything is within what is wanted."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.bench_measures", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    parser.add_argument("--sites", type=int, default=1_000)
    parser.add_argument("--convenings", type=int, default=20)
    parser.add_argument("--times", type=int, default=7, help="how often each measure is timed")
    parser.add_argument("--only", action="append", default=[], help="pages whose name begins so")
    asked = parser.parse_args()
    good = True
    print(f"{asked.sites * asked.convenings * 24:,} ratings; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    if "measures" in asked.parts:
        beside = floor.measured(asked.sites, asked.convenings, asked.times)
        print(floor.table(beside), "\n")
        good = all(each.ratio <= floor.WANTED for each in beside)
    if "pages" in asked.parts:
        with furnished(asked.sites, asked.convenings) as network:
            seen = pages.measured(network, asked.only)
        print(f"\n{pages.table(seen)}\n")
        good = good and all(each.is_wanted() and not each.errors for each in seen)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
