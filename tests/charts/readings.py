"""How every figure is read, by its name in the list of drawings."""

from tests.charts import agreement_readings as agreement
from tests.charts import own_readings as own
from tests.charts import peer_readings as peer
from tests.charts import site_readings as site
from tests.charts.reading import Reading
from tests.charts.scene import Scene

READINGS: dict[str, Reading] = {
    "strip": Reading(Scene.cells, own.strip),
    "line": Reading(own.seen_line, own.line),
    "told line": Reading(own.seen_told_line, own.told_line),
    "promises": Reading(own.seen_dumbbells, own.promises),
    "reasons": Reading(Scene.cells, own.reasons),
    "heat": Reading(own.seen_heat, own.heat),
    "dumbbells": Reading(own.seen_dumbbells, own.dumbbells),
    "stacked": Reading(site.seen_stacked, site.stacked),
    "coverage": Reading(site.seen_coverage, site.coverage),
    "peers": Reading(Scene.cells, peer.peers),
    "bands": Reading(Scene.cells, peer.bands),
    "peers over time": Reading(peer.seen_peers_over_time, peer.peers_over_time),
    "bands over time": Reading(Scene.cells, peer.bands_over_time),
    "started": Reading(peer.seen_started, peer.started),
    "team votes": Reading(agreement.seen_votes, agreement.votes),
    "first votes": Reading(Scene.cells, agreement.first_votes),
    "sides apart": Reading(Scene.cells, agreement.sides_apart),
    "in the room": Reading(Scene.cells, agreement.room),
    "sites": Reading(site.seen_sites, site.sites),
    "many sites": Reading(site.seen_many_sites, site.many_sites),
    "side by side": Reading(site.seen_side_by_side, site.side_by_side),
    "who moved": Reading(site.seen_who_moved, site.who_moved),
    "coverage in counts": Reading(site.seen_stacked, site.coverage_counts),
    "one domain over time": Reading(site.seen_stacked, site.stacked),
}
