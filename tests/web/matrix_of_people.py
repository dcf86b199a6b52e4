"""Who may do what with people, networks, ratings and the record: the matrix’s rows."""

# ruff: noqa: ARG005 — every call has the same three arguments, whether it needs them or not

from datetime import date

from progressions.people import Access, PeerView
from progressions.ratings import NextStep, RatingDraft
from progressions.services import (
    networks,
    people,
    ratings,
    record,
    settings_of_networks,
    sign_in,
)
from tests.factories import NOW
from tests.web.matrix_words import ADMIN, ALL, PEN, READERS, STAFF, WRITERS, Place, Row, everywhere, of

DRAFT = RatingDraft(2, "seen", NextStep("do", "Ana", None))


def _invitation(at: Place, access: Access = Access.MEMBER) -> people.Invitation:
    return people.Invitation("Somebody New", access, at.partnership)


def saves(at: Place) -> int:
    """How often the rating that calls are aimed at was saved: the first partnership's twice, and by an import."""
    return 3 if at.partnership == at.world.partnerships[0] else 1


PEOPLE: dict[str, Row] = {
    "networks.add_convening": Row(
        lambda s, p, at: networks.add_convening(s, p, date(2030, 1, 1), "New", NOW), everywhere(STAFF)
    ),
    "networks.add_partnership": Row(lambda s, p, at: networks.add_partnership(s, p, "New", NOW), everywhere(STAFF)),
    "networks.convenings": Row(lambda s, p, at: networks.convenings(s, p), everywhere(ALL)),
    "networks.partnerships": Row(lambda s, p, at: networks.partnerships(s, p), everywhere(READERS)),
    "networks.revision": Row(lambda s, p, at: networks.revision(s, p), everywhere(ALL)),
    "networks.start_network": Row(lambda s, p, at: networks.start_network(s, p, "A new one", NOW), everywhere(STAFF)),
    "people.change_access": Row(
        lambda s, p, at: people.change_access(s, p, at.person, Access.FACILITATOR, at.partnership, NOW),
        of(STAFF, STAFF),
        silent=True,
    ),
    "people.find": Row(lambda s, p, at: people.find(s, p, str(at.person)), of(STAFF, STAFF)),
    "people.invite": Row(lambda s, p, at: people.invite(s, p, _invitation(at), NOW), of(STAFF, STAFF)),
    "people.invite_all": Row(lambda s, p, at: people.invite_all(s, p, [_invitation(at)], NOW), of(STAFF, STAFF)),
    "people.new_code": Row(lambda s, p, at: people.new_code(s, p, at.person, NOW), of(STAFF, STAFF)),
    "people.new_link": Row(lambda s, p, at: people.new_link(s, p, at.person, NOW), of(STAFF, STAFF)),
    "people.people": Row(lambda s, p, at: people.people(s, p), everywhere(STAFF)),
    "people.people_gone": Row(lambda s, p, at: people.people_gone(s, p), everywhere(STAFF), silent=True),
    "people.remove_name": Row(lambda s, p, at: people.remove_name(s, p, at.person, NOW), of(STAFF, STAFF), silent=True),
    "people.revoke": Row(lambda s, p, at: people.revoke(s, p, at.person, NOW), of(STAFF, STAFF), silent=True),
    "ratings.assessment": Row(
        lambda s, p, at: ratings.assessment(s, p, at.partnership, at.day, at.rubric), of(READERS, STAFF)
    ),
    "ratings.promises": Row(lambda s, p, at: ratings.promises(s, p, at.partnership), of(READERS, STAFF)),
    "ratings.rating": Row(lambda s, p, at: ratings.rating(s, p, at.key), of(READERS, STAFF)),
    "ratings.save_rating": Row(
        lambda s, p, at: ratings.save_rating(s, p, at.key, DRAFT, base=saves(at), pen=PEN, now=NOW), of(WRITERS, STAFF)
    ),
    "record.history_of": Row(lambda s, p, at: record.history_of(s, p, at.key), of(READERS, STAFF)),
    # What an export calls after it has asked for its own permission: it writes the caller's own line and shows nothing.
    "record.note_export": Row(lambda s, p, at: record.note_export(s, p, "x", NOW), everywhere(ALL), silent=True),
    "record.page": Row(lambda s, p, at: record.page(s, p).entries, everywhere(STAFF)),
    "record.record_file": Row(lambda s, p, at: record.record_file(s, p, "xlsx", NOW), everywhere(STAFF)),
    "record.signers": Row(lambda s, p, at: record.signers(s, p), everywhere(STAFF)),
    "settings_of_networks.change_peer_view": Row(
        lambda s, p, at: settings_of_networks.change_peer_view(s, p, PeerView.NAMES, 6, NOW), everywhere(STAFF)
    ),
    "settings_of_networks.rename": Row(
        lambda s, p, at: settings_of_networks.rename(s, p, "Renamed", NOW), everywhere(STAFF)
    ),
    "sign_in.look_at": Row(
        lambda s, p, at: sign_in.look_at(s, at.session, p, at.world.network, NOW),
        {"own": READERS, "peer": READERS, "foreign": ADMIN},
        silent=True,
    ),
    "sign_in.networks_of": Row(lambda s, p, at: sign_in.networks_of(s, p), everywhere(READERS)),
    "sign_in.sign_out": Row(lambda s, p, at: sign_in.sign_out(s, p, at.session, NOW), everywhere(ALL), silent=True),
    "sign_in.sign_out_everywhere": Row(
        lambda s, p, at: sign_in.sign_out_everywhere(s, p, NOW), everywhere(ALL), silent=True
    ),
}
