"""The command line: the same services without a browser.

Exit codes: 0 done, 1 the file or the data has problems (listed), 2 the command was used wrongly.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from progressions import cli_answers as answers
from progressions import cli_exports, cli_people
from progressions.cli_answers import DONE, PROBLEMS, USAGE, Answer
from progressions.cli_exports import written
from progressions.cli_people import port_number
from progressions.clock import utc_now
from progressions.errors import MappingError, UserError
from progressions.people import Principal
from progressions.publishing import read_came_from
from progressions.services import exports, imports, mappings, rubrics, start, templates
from progressions.settings import PROJECT, Settings, read_settings
from progressions.sheets.reading import read_workbook
from progressions.store import open_store


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        answer: Answer = options.run(options, read_settings())
    except UserError as problem:
        # A mapping is part of how the command is used, but a broken one is a file with problems all the same.
        kind = "mapping" if isinstance(problem, MappingError) else "refused"
        answer = Answer(answers.refusal(kind, str(problem)), (str(problem),), PROBLEMS)
    return _tell(answer, as_json=options.json)


def _tell(answer: Answer, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(answer.machine, ensure_ascii=False, indent=2))
    else:
        print("\n".join(answer.lines), file=sys.stderr if answer.code and answer.aside is None else sys.stdout)
        for line in answer.aside or ():
            print(line, file=sys.stderr)
    return answer.code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m progressions", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="answer for machines")
    common.add_argument("--network", metavar="CODE", help="which network, where there are several of your own")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _rubric_commands(commands.add_parser("rubric", help="check or publish a rubric workbook"), common)
    _ratings_commands(commands.add_parser("ratings", help="import past ratings, export all ratings"), common)
    cli_people.add_commands(commands, common)
    cli_exports.add_commands(commands, common)
    demo = commands.add_parser("demo", parents=[common], help="load the invented example network")
    demo.set_defaults(run=_demo)
    serve = commands.add_parser("serve", parents=[common], help="serve the application")
    serve.add_argument("--port", type=port_number, default=8501)
    serve.set_defaults(run=_serve)
    return parser


def _path(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of the file is empty")
    return Path(text)


def _rubric_commands(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, help_text in (
        ("check", _rubric_check, "read a rubric workbook and list every problem"),
        ("publish", _rubric_publish, "publish it as an immutable version; the same text again changes nothing"),
    ):
        command = commands.add_parser(name, parents=[common], help=help_text)
        command.add_argument("file", type=_path)
        command.set_defaults(run=run)
        if run is _rubric_publish:
            command.add_argument(
                "--came-from", metavar="NEW=OLD", action="append", default=[], help="a new code of a known domain"
            )
            command.add_argument("--yes", action="store_true", help="publish also what asks to be confirmed")
    diff = commands.add_parser("diff", parents=[common], help="two rubric files, domain by domain and word by word")
    diff.add_argument("before", type=_path)
    diff.add_argument("after", type=_path)
    diff.set_defaults(run=_rubric_diff)
    template = commands.add_parser("template", parents=[common], help="a rubric workbook to fill in")
    template.add_argument("--out", type=_path, required=True)
    template.set_defaults(run=_rubric_template)


def _ratings_commands(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    take = commands.add_parser("import", parents=[common], help="import past ratings")
    take.add_argument("file", type=_path)
    take.add_argument("--mapping", type=_path, help="how the sheet is to be read; see data/MAPPING.md")
    take.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    take.set_defaults(run=_ratings_import)
    guess = commands.add_parser("guess", parents=[common], help="propose a mapping; what is not sure is left out")
    guess.add_argument("file", type=_path)
    guess.add_argument("--rubric", metavar="CODE", help="only this rubric's domains")
    guess.set_defaults(run=_ratings_guess)
    past = commands.add_parser("imports", parents=[common], help="every import so far")
    past.set_defaults(run=_ratings_imports)
    kept = commands.add_parser("mappings", parents=[common], help="the mappings that are kept and used again")
    kept.add_argument("--forget", metavar="NAME", help="forget this one")
    kept.set_defaults(run=_ratings_mappings)
    undo = commands.add_parser("undo", parents=[common], help="put back what every rating said before an import")
    undo.add_argument("batch", type=int)
    undo.set_defaults(run=_ratings_undo)
    give = commands.add_parser("export", parents=[common], help="write all ratings to a file")
    give.add_argument("--format", choices=exports.FORMS, required=True)
    give.add_argument("--layout", choices=[layout.value for layout in exports.ExportLayout], default="long")
    give.add_argument("--out", type=_path, required=True)
    give.set_defaults(run=_ratings_export)
    template = commands.add_parser("template", parents=[common], help="a workbook of ratings to fill in")
    template.add_argument("--out", type=_path, required=True)
    template.set_defaults(run=_ratings_template)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise UserError(f"{path} cannot be read: {problem.strerror or problem}.") from problem


def _read_text(path: Path) -> str:
    try:
        return _read(path).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise MappingError(f"{path} is not a text in UTF-8; a mapping is a small JSON file.") from problem


def _principal(options: argparse.Namespace, settings: Settings, *, create: bool = False) -> Principal:
    store = open_store(settings.database_url)
    return start.system_principal(start.own_network(store, options.network, utc_now(), create=create))


def _rubric_check(options: argparse.Namespace, settings: Settings) -> Answer:
    checked = rubrics.check_file(_read(options.file), options.file.name, settings.read_limits)
    return Answer(answers.rubric_file(checked), answers.rubric_lines(checked), DONE if checked.ok else PROBLEMS)


def _rubric_publish(options: argparse.Namespace, settings: Settings) -> Answer:
    checked = rubrics.check_file(_read(options.file), options.file.name, settings.read_limits)
    if not checked.ok:
        return Answer(answers.rubric_file(checked), answers.rubric_lines(checked), PROBLEMS)
    came_from = read_came_from(options.came_from, checked.rubrics)
    principal, store = _principal(options, settings, create=True), open_store(settings.database_url)
    doubts = rubrics.planned(store, principal, checked, came_from).doubts
    if doubts and not options.yes:
        return Answer(answers.to_confirm(doubts), (*doubts, answers.HOW_TO_CONFIRM), PROBLEMS)
    published = rubrics.publish(store, principal, checked, utc_now(), came_from=came_from, confirmed=options.yes)
    return Answer(answers.rubric_file(published), answers.rubric_lines(published))


def _ratings_import(options: argparse.Namespace, settings: Settings) -> Answer:
    content = _read(options.file)
    mapping = _read_text(options.mapping) if options.mapping else None
    principal = _principal(options, settings)
    store = open_store(settings.database_url)
    shown = imports.preview(store, principal, content, options.file.name, mapping, settings.read_limits)
    if isinstance(shown, imports.NotUnderstood):
        return Answer(answers.not_understood(shown), (*shown.sure, *shown.unsure), PROBLEMS)
    batch = None if options.dry_run else imports.confirm(store, principal, shown, utc_now())
    kept = mappings.used_again(store, principal, shown.guess)
    found = answers.import_result(shown, batch, kept)
    lines = (*answers.kept_lines(kept), *answers.import_lines(shown, batch, dry_run=options.dry_run))
    return Answer(found, lines, DONE if found["ok"] else PROBLEMS)


def _ratings_guess(options: argparse.Namespace, settings: Settings) -> Answer:
    principal, store = _principal(options, settings), open_store(settings.database_url)
    workbook = read_workbook(_read(options.file), options.file.name, settings.read_limits)
    guessed = imports.proposal(store, principal, workbook, options.rubric)
    code = DONE if guessed.mapping else PROBLEMS
    kept = mappings.used_again(store, principal, guessed)
    asides = (*answers.kept_lines(kept), *answers.guess_asides(guessed))
    return Answer(answers.guess(guessed, kept), answers.guess_lines(guessed), code, asides)


def _ratings_mappings(options: argparse.Namespace, settings: Settings) -> Answer:
    store, principal = open_store(settings.database_url), _principal(options, settings)
    if options.forget is not None:
        mappings.forget_mapping(store, principal, options.forget, utc_now())
    kept = mappings.mappings(store, principal)
    return Answer(answers.saved_mappings(kept), answers.saved_mapping_lines(kept))


def _ratings_imports(options: argparse.Namespace, settings: Settings) -> Answer:
    past = imports.history(open_store(settings.database_url), _principal(options, settings))
    return Answer(answers.past_imports(past), answers.past_lines(past))


def _ratings_undo(options: argparse.Namespace, settings: Settings) -> Answer:
    principal, store = _principal(options, settings), open_store(settings.database_url)
    if all(one.batch != options.batch for one in imports.history(store, principal)):
        raise UserError(f"There is no import {options.batch}.")
    result = imports.undo(store, principal, options.batch, utc_now())
    return Answer(answers.undone(result), answers.undone_lines(result))


def _ratings_export(options: argparse.Namespace, settings: Settings) -> Answer:
    suffix = options.out.suffix.lower()
    if suffix and suffix != f".{options.format}":
        said = f"The file is to be {options.format}, and its name ends in {suffix}: say the same in both."
        return Answer(answers.refusal("usage", said), (said,), USAGE)
    principal = _principal(options, settings)
    store = open_store(settings.database_url)
    content = exports.ratings_file(store, principal, options.format, options.layout, now=utc_now())
    return written(content, options.out)


def _ratings_template(options: argparse.Namespace, settings: Settings) -> Answer:
    principal = _principal(options, settings)
    content = templates.ratings_template(open_store(settings.database_url), principal, utc_now())
    return written(content, options.out)


def _rubric_template(options: argparse.Namespace, _settings: Settings) -> Answer:
    return written(rubrics.template(), options.out)


def _rubric_diff(options: argparse.Namespace, settings: Settings) -> Answer:
    before, after = (
        rubrics.check_file(_read(file), file.name, settings.read_limits) for file in (options.before, options.after)
    )
    for checked in (before, after):
        if not checked.ok:
            return Answer(answers.rubric_file(checked), answers.rubric_lines(checked), PROBLEMS)
    found = rubrics.differences(before, after)
    return Answer(answers.rubric_diff(found), answers.rubric_diff_lines(found))


def _demo(_options: argparse.Namespace, settings: Settings) -> Answer:
    network = start.load_example(open_store(settings.database_url), utc_now())
    return Answer({"ok": True, "network": network.code}, (f"The invented example network is loaded: {network.title}.",))


def _serve(options: argparse.Namespace, _settings: Settings) -> Answer:
    """Becomes Streamlit, as ``streamlit run app.py`` would from the project's folder, where its configuration is."""
    os.chdir(PROJECT)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(options.port)]
    if os.name == "posix":
        os.execv(sys.executable, command)  # the same process: one to watch, and one to end
    code = subprocess.call(command)
    return Answer({"ok": code == 0}, (), code)
