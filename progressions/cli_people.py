"""The commands about people: invite, list, codes and links, taking access and names away."""

import argparse
from datetime import datetime

from progressions import cli_answers as answers
from progressions.cli_answers import USAGE, Answer
from progressions.clock import utc_now
from progressions.people import Access, PersonRow, Principal
from progressions.services import people, sign_in, start
from progressions.services.people import Invitation
from progressions.settings import Settings
from progressions.store import Store, open_store

Commands = argparse._SubParsersAction  # argparse has no public name for what add_subparsers returns

NEEDS_PARTNERSHIP = "A member or facilitator belongs to a partnership: say whose with --partnership CODE."
NO_PARTNERSHIP = "Staff and admins belong to no partnership: leave --partnership out, or say another --access."
ACCESSES = (
    "member reads one partnership; facilitator records its ratings and runs its sessions; "
    "staff runs the network; admin runs every network here"
)
NEEDS_YES = "A name that is removed cannot be brought back. Say that you mean it with --yes."
ONCE = "Shown once: only a hash is kept."
LASTING = [access.value for access in Access if access is not Access.RATER]  # a rater comes in by a room code

LAST_PORT = 65_535


def add_commands(commands: "Commands[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Adds these commands to the command line's."""
    link = commands.add_parser("link", parents=[common], help="a one-time link that gets network staff in again")
    link.add_argument("person", nargs="?", default="", help="number, whole name or e-mail address; else the only one")
    _with_port(link)
    link.set_defaults(run=_link)
    invite = commands.add_parser("invite", parents=[common], help="make a person with access, a code and a link")
    invite.add_argument("name", metavar="NAME", help="what the person is called: first name and surname, in quotes")
    invite.add_argument("--access", choices=LASTING, required=True, help=ACCESSES)
    invite.add_argument("--partnership", metavar="CODE", default="", help="whose member or facilitator")
    invite.add_argument("--email", default="", help="for sign-in through an identity provider")
    _with_port(invite)
    invite.set_defaults(run=_invite)
    listing = commands.add_parser("people", parents=[common], help="everybody with access, and who has left")
    listing.set_defaults(run=_people)
    for name, run, help_text in (
        ("revoke", _revoke, "take a person's access away, at once"),
        ("code", _code, "a new code for a person, in place of the older one"),
        ("remove-name", _remove_name, "take a person's name away; what they did keeps its rows and counts"),
    ):
        command = commands.add_parser(name, parents=[common], help=help_text)
        command.add_argument("person", help="number, whole name or e-mail address")
        command.set_defaults(run=run)
        if run is _remove_name:
            command.add_argument("--yes", action="store_true", help="it cannot be brought back")


def _with_port(command: argparse.ArgumentParser) -> None:
    said = "where the application listens, for the address"
    command.add_argument("--port", type=port_number, default=8501, help=said)


def _here(options: argparse.Namespace, settings: Settings) -> tuple[Store, Principal, datetime]:
    store, now = open_store(settings.database_url), utc_now()
    return store, start.system_principal(start.network_of_link(store, options.network, now)), now


def _link(options: argparse.Namespace, settings: Settings) -> Answer:
    store, now = open_store(settings.database_url), utc_now()
    network = start.own_network(store, options.network, now) if options.network is not None else None
    made = start.link_again(store, options.person, network, now)
    link = _address(options, settings, made.token)
    said = f"This link signs in {made.name}. It works once, for {sign_in.LINK_HOURS} hours:"
    return Answer({"ok": True, "name": made.name, "link": link}, (said, link))


def _invite(options: argparse.Namespace, settings: Settings) -> Answer:
    access = Access(options.access)
    if access in people.OF_A_PARTNERSHIP and not options.partnership:
        return _usage(NEEDS_PARTNERSHIP)
    if access not in people.OF_A_PARTNERSHIP and options.partnership:
        return _usage(NO_PARTNERSHIP)
    store, principal, now = _here(options, settings)
    asked = Invitation(options.name, access, options.partnership, options.email)
    found = people.invite(store, principal, asked, now)
    link = _address(options, settings, found.link_token)
    told = {"ok": True, "person": found.person_id, "name": found.name, "link": link, "code": found.code_text}
    return Answer(told, (f"{found.name} is invited as number {found.person_id}. {ONCE}", link, found.code_text))


def _usage(sentence: str) -> Answer:
    return Answer(answers.refusal("usage", sentence), (sentence,), USAGE)


def _address(options: argparse.Namespace, settings: Settings, token: str) -> str:
    return f"{settings.public_url or f'http://localhost:{options.port}'}/signin?link={token}"


def _people(options: argparse.Namespace, settings: Settings) -> Answer:
    store, principal, _ = _here(options, settings)
    rows, left = people.people(store, principal), people.people_gone(store, principal)
    lines = tuple(_line(row) for row in rows) or (f"Nobody has access to {principal.network.title} yet.",)
    told = {"ok": True, "network": principal.network.code, "people": [_row(row) for row in rows]}
    told["left"] = [{"person": person.id, "name": person.name} for person in left]
    return Answer(told, (*lines, *(f"{person.id}: {person.name}, has left" for person in left)))


def _row(row: PersonRow) -> dict[str, object]:
    return {
        "person": row.id,
        "name": row.name,
        "access": row.access.value,
        "partnership": row.partnership,
        "email": row.email,
        "selector": row.selector,
        "link_until": row.link_until.isoformat() if row.link_until else None,
        "last_seen": row.last_seen.isoformat() if row.last_seen else None,
    }


def _line(row: PersonRow) -> str:
    access = f"{row.access.value} of {row.partnership}" if row.partnership else row.access.value
    seen = f"last seen {row.last_seen:%Y-%m-%d}" if row.last_seen else "not here yet"
    return f"{row.id}: {row.name}, {access}, {seen}"


def _revoke(options: argparse.Namespace, settings: Settings) -> Answer:
    store, principal, now = _here(options, settings)
    person = people.find(store, principal, options.person)
    people.revoke(store, principal, person.id, now)
    told = {"ok": True, "person": person.id, "network": principal.network.code}
    return Answer(told, (f"{person.name} has no access to {principal.network.title} any more.",))


def _code(options: argparse.Namespace, settings: Settings) -> Answer:
    store, principal, now = _here(options, settings)
    person = people.find(store, principal, options.person)
    code = people.new_code(store, principal, person.id, now)
    told = {"ok": True, "person": person.id, "name": person.name, "code": code}
    return Answer(told, (f"The code of {person.name}. {ONCE}", code))


def _remove_name(options: argparse.Namespace, settings: Settings) -> Answer:
    if not options.yes:
        return _usage(NEEDS_YES)
    store, principal, now = _here(options, settings)
    person = people.find(store, principal, options.person)
    people.remove_name(store, principal, person.id, now)
    return Answer({"ok": True, "person": person.id}, (f"The name of person {person.id} is removed.",))


def port_number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"“{text}” is no port: a whole number from 1 to {LAST_PORT}")
    return int(text)
