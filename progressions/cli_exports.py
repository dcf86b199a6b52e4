"""The commands that write everything of a partnership, or the record, to a file."""

import argparse
from pathlib import Path

from progressions.cli_answers import Answer
from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import Principal
from progressions.services import exports, record, start
from progressions.settings import Settings
from progressions.store import Store, open_store


def add_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """Adds ``partnership export`` and ``record export`` to the commands of the program."""
    partnership = commands.add_parser("partnership", help="everything of one partnership, to take along")
    of_partnership = partnership.add_subparsers(required=True, metavar="COMMAND")
    take = of_partnership.add_parser("export", parents=[common], help="ratings, history and rubrics as one workbook")
    take.add_argument("partnership", metavar="CODE")
    take.add_argument("--out", type=Path, required=True)
    take.set_defaults(run=_partnership_export)
    past = commands.add_parser("record", help="the record of who did what").add_subparsers(
        required=True, metavar="COMMAND"
    )
    give = past.add_parser("export", parents=[common], help="write the whole record to a file")
    give.add_argument("--format", choices=record.FORMS, required=True)
    give.add_argument("--out", type=Path, required=True)
    give.set_defaults(run=_record_export)


def written(content: bytes, path: Path) -> Answer:
    """Writes a file; UserError where it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as problem:
        raise UserError(f"{path} cannot be written: {problem.strerror or problem}.") from problem
    return Answer(
        {"ok": True, "file": str(path), "bytes": len(content)}, (f"Written: {path}, {len(content):,} bytes.",)
    )


def _here(options: argparse.Namespace, settings: Settings) -> tuple[Store, Principal]:
    store = open_store(settings.database_url)
    return store, start.system_principal(start.network_of_link(store, options.network, utc_now()))


def _partnership_export(options: argparse.Namespace, settings: Settings) -> Answer:
    store, principal = _here(options, settings)
    return written(exports.partnership_workbook(store, principal, options.partnership, utc_now()), options.out)


def _record_export(options: argparse.Namespace, settings: Settings) -> Answer:
    store, principal = _here(options, settings)
    return written(record.record_file(store, principal, options.format, utc_now()), options.out)
