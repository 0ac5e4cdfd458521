"""What an import would change, and how it is shown before anything is kept."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.events import Account
from bot.imports.table import Problem
from bot.records import Partnership, Person, School

_SHOWN = 200


class Change(Struct, frozen=True):
    """One school or person that would be new or different, in words without whole e-mails."""

    name: str
    words: tuple[str, ...]


class Changes(Struct, frozen=True, kw_only=True):
    """All of an import: in words, and as the records to keep. `meetings` are teachers to be greeted."""

    new: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: int = 0
    schools: tuple[School, ...] = ()
    people: tuple[Person, ...] = ()
    accounts: tuple[tuple[str, Account], ...] = ()
    partnerships: tuple[Partnership, ...] = ()
    meetings: tuple[Person, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.new or self.changed)


def preview(changes: Changes) -> list[str]:
    """The table a person reads before they say yes."""
    lines: list[str] = []
    for title, group in (("New", changes.new), ("Changed", changes.changed)):
        if group:
            lines += [f"{title}: {len(group):,}", *_listed(group)]
    lines.append(f"Unchanged: {changes.unchanged:,}")
    if changes.meetings:
        lines.append(f"First meetings to be offered: {len(changes.meetings):,}")
    return lines


def told(problems: Iterable[Problem]) -> list[str]:
    """Every problem, by line, and that nothing was kept."""
    lines = [str(problem) for problem in sorted(set(problems))]
    more = [f"… and {len(lines) - _SHOWN:,} more."] if len(lines) > _SHOWN else []
    return [*lines[:_SHOWN], *more, "Nothing was kept. Mend the file and import it again."]


def _listed(group: tuple[Change, ...]) -> Iterable[str]:
    width = min(28, max(len(change.name) for change in group[:_SHOWN]))
    for change in group[:_SHOWN]:
        first, *rest = change.words or ("",)
        yield f"  {change.name:<{width}}  {first}".rstrip()
        yield from (f"  {'':<{width}}  {words}" for words in rest)
    if len(group) > _SHOWN:
        yield f"  … and {len(group) - _SHOWN:,} more."
