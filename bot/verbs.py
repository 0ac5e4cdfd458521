"""How the verbs about content are typed. What they do is loaded only once one of them is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from typing import Any

Verb = Callable[[argparse.Namespace], int]


def content_verbs(verbs: Any, *, stems: Verb, words: Verb) -> None:  # noqa: ANN401  # argparse names no such type
    """`beside stems` and `beside words`."""
    told = "The question library: ours, and an organization's own."
    family = verbs.add_parser("stems", help=told, description=told)
    ways = family.add_subparsers(title="verbs", metavar="VERB", required=True)
    for way, does in (
        ("check", "hold every question against every rule"),
        ("show", "a page of the whole library, by focus, phase and lesson part"),
        ("add", "keep an organization's own questions; docs/questions.md"),
    ):
        one = ways.add_parser(way, help=does, description=does)
        one.set_defaults(verb=stems, way=way, file=None, html=None, organization=None, yes=False)
        if way != "show":
            one.add_argument("file", metavar="FILE", nargs="?" if way == "check" else None, help="YAML, as ours")
        if way == "show":
            one.add_argument("--language", metavar="CODE", default="en", help="en if not named")
            one.add_argument("--html", metavar="FILE", help="write it as a page for a browser")
        if way != "check":
            one.add_argument("--organization", metavar="NAME", help="whose")
        if way == "add":
            one.add_argument("--yes", action="store_true", help="keep them without asking")
    told = "Every sentence the product says."
    ways = verbs.add_parser("words", help=told, description=told).add_subparsers(metavar="VERB", required=True)
    one = ways.add_parser("show", help="list them by key", description="List them by key.")
    one.add_argument("--language", metavar="CODE", default="en", help="en if not named")
    one.set_defaults(verb=words)


def import_verbs(verbs: Any, brings: Verb) -> None:  # noqa: ANN401  # argparse names no such type
    """`beside school import` and `beside roster import`."""
    for name, told in (("school", "Schools, with their hours and contacts."), ("roster", "People and partnerships.")):
        family = verbs.add_parser(name, help=told, description=told)
        ways = family.add_subparsers(title="verbs", metavar="VERB", required=True)
        brought = ways.add_parser("import", help="bring them from a CSV file", description=f"{told} docs/imports.md")
        brought.add_argument("file", metavar="FILE", help="a CSV file whose first line names the columns")
        brought.add_argument("--yes", action="store_true", help="keep them without asking")
        brought.add_argument("--organization", metavar="NAME", help="whose they are, where there are several")
        brought.add_argument("--team", metavar="T123", help="their Slack workspace, also before it lets us in")
        if name == "school":
            brought.add_argument("--calendar", metavar="FILE", help="closed days, half days and terms: .csv or .ics")
            brought.add_argument("--bells", metavar="FILE", help="when blocks meet: .csv")
        brought.set_defaults(verb=brings, kind=name, calendar=None, bells=None)


def export_verb(verbs: Any, export: Verb) -> None:  # noqa: ANN401  # argparse names no such type
    """`beside export`."""
    everything = verbs.add_parser(
        "export", help="All that is kept of one person, into two files; they are told, and see why.",
        description="All that is kept of one person. It is written down as seen, and they are told in their chat.",
    )  # fmt: skip
    everything.add_argument("person", metavar="HANDLE", help="whose, by their handle")
    everything.add_argument("--reason", required=True, help="why; the person is told")
    everything.add_argument("--to", metavar="FOLDER", default=".", help="where the files go; here if not named")
    everything.add_argument("--organization", metavar="NAME", help="whose they are, where there are several")
    everything.set_defaults(verb=export)


def reading_verbs(add: Callable[[str, str, Verb], argparse.ArgumentParser]) -> None:
    """`beside guard` and `beside when`: lines in, lines out."""
    guard = add("guard", "Check sentences from standard input: what tells instead of asking.", _guard)
    guard.add_argument("--kind", choices=("stem", "bot", "operational", "coach"), default="bot", help="bot if not said")
    guard.add_argument("--language", metavar="LANGUAGE", default="en", help="whose rules: en if not said")
    when = add("when", "Read typed co-teaching lines from standard input: what each would mean.", _when)
    when.add_argument("--world", metavar="FILE", required=True, help="JSON: people, self and schools")


def _guard(options: argparse.Namespace) -> int:
    from bot.guarding import results

    return _lines(lambda: results(sys.stdin, kind=options.kind, language=options.language))


def _when(options: argparse.Namespace) -> int:
    from pathlib import Path

    from bot.whening import results, world_of

    return _lines(lambda: results(sys.stdin, world_of(Path(options.world))))


def _lines(read: Callable[[], Iterator[str]]) -> int:
    """Each result as it is known; a line that can't be read is named, and the shell is told."""
    getattr(sys.stdin, "reconfigure", dict)(encoding="utf-8", errors="replace")
    try:
        for result in read():
            print(result, flush=True)
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1
    return 0
