"""`beside …`: the command line. Each verb imports only what it needs, when it is called."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot import __version__
from bot.verbs import content_verbs, export_verb, import_verbs, reading_verbs

if TYPE_CHECKING:
    from bot.settings import Settings

# What a verb answers the shell: done, not done, and asked for in a way that cannot be done.
DONE, NOT_DONE, WRONG = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """What was asked for, as an exit code. Nobody who types a command is shown a traceback for their typing."""
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", dict)(errors="replace")
    parser = _parser()
    if not (sys.argv[1:] if arguments is None else arguments):
        parser.print_help(sys.stderr)
        parser.exit(WRONG)
    options = parser.parse_args(arguments)
    verb: Callable[[argparse.Namespace], int] = options.verb
    try:
        return verb(options)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="beside",
        description="A coaching companion that asks and listens. What a teacher writes stays the teacher's.",
    )
    parser.add_argument("--version", action="version", version=f"beside {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)

    def add(name: str, told: str, verb: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=told, description=told)
        one.set_defaults(verb=verb)
        return one

    add("serve", "Serve the platforms that are set up, or the playground.", _serve)
    add("migrate", "Bring the database to the form this version needs.", _migrate)
    doctor = add("doctor", "Look at the set-up and say what to mend.", _doctor)
    doctor.add_argument("--online", action="store_true", help="also ask the platforms")
    doctor.add_argument("--json", action="store_true", help="print JSON")
    reading_verbs(add)
    add("demo", "Fill an empty database with a sample school.", _demo)
    manifest = verbs.add_parser("manifest", help="Print the app as a platform wants it described.")
    apps = manifest.add_subparsers(title="platforms", metavar="PLATFORM", required=True)
    slack = apps.add_parser("slack", help="JSON to paste on api.slack.com", description="docs/slack.md tells where to.")
    slack.add_argument("--socket", action="store_true", help="for Socket Mode, which needs no address of yours")
    slack.set_defaults(verb=_manifest_slack)
    teams = apps.add_parser("teams", help="a package to upload in Teams", description="docs/teams.md tells where to.")
    teams.add_argument(
        "file", metavar="FILE", nargs="?", default="beside-teams.zip", help="beside-teams.zip if not named"
    )
    teams.set_defaults(verb=_manifest_teams)
    import_verbs(verbs, _import)
    content_verbs(verbs, stems=_stems, words=_words)
    export_verb(verbs, _export)
    outbox = verbs.add_parser("outbox", help="Messages that rest: what no platform took, or what is in doubt.")
    ways = outbox.add_subparsers(title="verbs", metavar="VERB", required=True)
    for way, told in (
        ("list", "show them, without a word of what they say"),
        ("retry", "send these after all"),
        ("drop", "never send these, and forget what they say"),
        ("rest", "after a restore: what has waited for more than two hours is not sent"),
    ):
        one = ways.add_parser(way, help=told, description=told)
        one.set_defaults(verb=_outbox, way=way, parcels=[], everything=False, json=False)
        if way == "list":
            one.add_argument("--json", action="store_true", help="print JSON")
        elif way != "rest":
            one.add_argument("parcels", nargs="*", metavar="PARCEL", help="as the list shows it")
            one.add_argument("--all", action="store_true", dest="everything", help="all of them")
    return parser


def _stems(options: argparse.Namespace) -> int:
    from bot import content

    def go(settings: Settings | None) -> int:
        if options.way == "add" and settings is not None:
            agreed = _agreed(options.yes)
            return content.add(settings, options.file, organization=options.organization, agreed=agreed, say=print)
        lines, code = (
            content.check(options.file)
            if options.way == "check"
            else content.show(settings, language=options.language, html=options.html, organization=options.organization)
        )
        return _told(lines, code) if code else _printed(lines)

    alone = options.way == "check" or (options.way == "show" and options.organization is None)
    return go(None) if alone else _with_settings(go)


def _words(options: argparse.Namespace) -> int:
    from bot import content

    return _printed(content.words(options.language))


def _printed(lines: Sequence[str]) -> int:
    print("\n".join(lines))
    return DONE


def _outbox(options: argparse.Namespace) -> int:
    if options.way in ("retry", "drop") and bool(options.parcels) is options.everything:
        return _told(["Name the parcels as beside outbox list shows them, or say --all."], WRONG)

    def go(settings: Settings) -> int:
        from bot.parked import run

        lines, code = run(settings, options.way, options.parcels, everything=options.everything, as_json=options.json)
        print("\n".join(lines))
        return code

    return _with_settings(go)


def _export(options: argparse.Namespace) -> int:
    def go(settings: Settings) -> int:
        from bot.exported import run

        lines, code = run(settings, options.person, options.reason, options.to, options.organization)
        return _told(lines, code) if code else _printed(lines)

    return _with_settings(go)


def _serve(options: argparse.Namespace) -> int:
    def go(settings: Settings) -> int:
        from bot.serve import run

        return run(settings)

    return _with_settings(go)


def _migrate(options: argparse.Namespace) -> int:
    def go(settings: Settings) -> int:
        from bot.migrate import run

        return run(settings)

    return _with_settings(go)


def _demo(options: argparse.Namespace) -> int:
    def go(settings: Settings) -> int:
        from bot.demo import run

        return run(settings)

    return _with_settings(go)


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import as_json, code, run

    findings = run(online=options.online)
    print(as_json(findings) if options.json else "\n".join(map(str, findings)))
    return code(findings)


def _manifest_slack(options: argparse.Namespace) -> int:
    def go(settings: Settings) -> int:
        import json

        from adapters.slack.manifest import manifest
        from bot.flows import slash

        if not options.socket and not settings.public_url.startswith("https://"):
            lacks = "BESIDE_PUBLIC_URL has to begin with https://, so that Slack can reach Beside."
            return _told([f"{lacks} Set it, or add --socket for Socket Mode."], WRONG)
        address = "" if options.socket else settings.public_url
        back = settings.public_url if settings.slack_installs else ""
        made = manifest(slash(), address, settings.slack_features, back)
        print(json.dumps(made, indent=2, ensure_ascii=False))
        return DONE

    return _with_settings(go)


def _manifest_teams(options: argparse.Namespace) -> int:
    def go(settings: Settings) -> int:
        from pathlib import Path

        from adapters.teams.manifest import manifest, package, translation
        from bot.data import languages
        from bot.flows import introduced, typed

        if not settings.teams_app_id:
            return _told(["BESIDE_TEAMS_APP_ID has to be set: it is the application id from Entra."], WRONG)
        if not settings.public_url.startswith("https://"):
            return _told(["BESIDE_PUBLIC_URL has to begin with https://, so that Teams can reach Beside."], WRONG)
        others = languages()[1:]
        made = manifest(
            typed(), introduced("en"), settings.teams_app_id, settings.public_url, __version__, others
        )  # fmt: skip
        told = {one: translation(made, typed(one), introduced(one)) for one in others}
        try:
            Path(options.file).write_bytes(package(made, told))
        except OSError as error:
            return _told([f"{options.file} cannot be written: {error.strerror}."], WRONG)
        print(f"{options.file} is ready: in the Teams admin center, Manage apps, Upload.")
        return DONE

    return _with_settings(go)


def _import(options: argparse.Namespace) -> int:
    found: dict[str, bytes] = {}
    for way in ("file", "calendar", "bells"):
        if (name := getattr(options, way)) is None:
            continue
        try:
            with open(name, "rb") as file:  # noqa: PTH123 - a FIFO or /dev/stdin is a file too
                found[way] = file.read(4 * 1024 * 1024)
        except OSError as error:
            return _told([f"{name} cannot be read: {error.strerror}."], WRONG)

    def go(settings: Settings) -> int:
        from bot.importing import run

        agreed = _agreed(options.yes)
        return run(
            settings, options.kind, found["file"], organization=options.organization, agreed=agreed, say=print,
            calendar=found.get("calendar"), bells=found.get("bells"), team=options.team,
        )  # fmt: skip

    return _with_settings(go)


def _agreed(yes: bool) -> Callable[[], bool]:
    """Whether the person wants what they were shown. Without a terminal nobody can be asked, so the answer is no."""

    def ask() -> bool:
        if yes:
            return True
        if not sys.stdin.isatty():
            print("There is no terminal to ask on. Add --yes to keep these.")
            return False
        try:
            return input("Keep these? [y/N] ").strip().casefold() in ("y", "yes")
        except EOFError:
            return False

    return ask


def _with_settings(run: Callable[[Settings], int]) -> int:
    from bot.settings import WrongSettings, load

    try:
        settings = load()
    except WrongSettings as wrong:
        return _told(wrong.lines, WRONG)
    if nowhere := _nowhere(settings):
        return _told([nowhere], WRONG)
    return run(settings)


def _nowhere(settings: Settings) -> str:
    """One folder is made where it is missing, and no more: a slip in a path would begin an empty school elsewhere."""
    from bot.doctor.place import sqlite_file

    file = sqlite_file(settings)
    if file is None or file.absolute().parent.parent.is_dir():
        return ""
    return f"BESIDE_DATABASE_URL names a folder that is not there: {file.parent}. Make it first, or mend the path."


def _told(lines: Sequence[str], code: int) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
