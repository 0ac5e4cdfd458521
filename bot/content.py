"""`beside stems check | show | add` and `beside words show`: what the product says, to be read and added to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.data import data_path, languages, read_yaml
from bot.stems import Fault, Library, Stem, faults_of, gaps, read_book
from bot.stems.own import question_of, stem_of, with_own
from bot.stems.places import Lined
from bot.words import Lines

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Store, Tx

FINE, WRONG = 0, 1
Told = tuple[list[str], int]


def check(file: str | None) -> Told:
    """Every rule against our libraries or, with a file, against an organization's own beside ours."""
    if file is None:
        lines = [line for language in languages() for line in ours(language)]
        return (lines, WRONG) if lines else (["Every stem holds every rule."], FINE)
    library, faults = own(Path(file))
    if library is None or faults:
        return [str(fault) for fault in faults], WRONG
    return [f"{file}: every stem holds every rule."], FINE


def ours(language: str) -> list[str]:
    """Everything that is wrong with our library of that language."""
    path = data_path("prompts") / language / "stems.yaml"
    library, faults = read_book(path, language)
    if library is None:
        return [str(fault) for fault in faults]
    missing = [f"{language}/stems.yaml: too few active stems for {gap}. Write more of them." for gap in gaps(library)]
    return [*map(str, (*faults, *faults_of(path, library))), *missing]


def own(path: Path) -> tuple[Library | None, tuple[Fault, ...]]:
    """An organization's file, and all that is wrong in it, by itself and beside ours; only stems may stand there."""
    found, faults = read_book(path, "en", path.name)
    if found is None:
        return None, faults
    content = read_yaml(path)
    language = str(content.get("language", "en")) if isinstance(content, dict) else "en"
    if language not in languages():
        mend = f"One of {', '.join(languages())}."
        return None, (Fault(path.name, 1, "", f"there are no words in {language}", mend),)
    library = Library(language=language, stems=found.stems)
    more = [name for name in ("reflect_back", "coach_noticing", "signals") if getattr(found, name)]
    faults = (*faults, *(Fault(path.name, 1, name, "is ours alone", "Leave only stems.") for name in more))
    beside = Library.load(language).stems
    return library, (*faults, *faults_of(path, library, beside, ours=False, name=path.name))


def show(settings: Settings | None, *, language: str, html: str | None, organization: str | None) -> Told:
    """The library as a page; with an organization, its own questions among ours."""
    from bot.stems.showing import as_html, as_text

    library: Library | None = Library.load(language)
    if settings is not None and organization is not None:
        try:
            library = asyncio.run(_kept(settings, language, organization))
        except _cannot_open() as fault:
            return [str(fault)], WRONG
    if library is None:
        return [f"There is no organization called {organization}."], WRONG
    if html is None:
        return [as_text(library)], FINE
    try:
        Path(html).write_text(as_html(library), "utf-8")
    except OSError as error:
        return [f"{html} cannot be written: {error.strerror}."], WRONG
    return [f"{html} is written: open it in a browser."], FINE


def words(language: str) -> list[str]:
    """Every sentence by key, with the slots that it leaves open."""
    return [f"{line.key}  [{line.kind}]  {line.template}" for line in Lines.load(language).all()]


def add(
    settings: Settings, file: str, *, organization: str | None, agreed: Callable[[], bool], say: Callable[[str], None]
) -> int:
    """Shown first, agreed to, then kept in one transaction; one fault anywhere and nothing is."""
    library, faults = own(Path(file))
    if library is None or faults:
        for line in (*map(str, faults), "Nothing was kept."):
            say(line)
        return WRONG
    try:
        return asyncio.run(_add(settings, library, Path(file), organization, agreed, say))
    except _cannot_open() as fault:
        say(str(fault))
        return WRONG


async def _add(
    settings: Settings,
    library: Library,
    path: Path,
    wanted: str | None,
    agreed: Callable[[], bool],
    say: Callable[[str], None],
) -> int:
    from bot.serve import open_store
    from bot.whose import chosen

    store = await open_store(settings)
    try:
        found = await chosen(store, wanted)
        if found is None or not found[2]:
            say("Say whose these are: --organization NAME." if found is None else f"There is no {found[1]} yet.")
            return WRONG
        return await keep(store, found[0], library, path, agreed=agreed, say=say)
    finally:
        await store.close()


async def keep(
    store: Store,
    organization: str,
    library: Library,
    path: Path,
    *,
    agreed: Callable[[], bool],
    say: Callable[[str], None],
) -> int:
    """What this file changes, shown, agreed to and kept. Nobody else waits while somebody reads."""
    async with store.begin(organization) as tx:
        shown = await _compared(tx, library, path)
    new, changed, faults = shown
    lines = [*map(str, faults)] or [
        *(f"New: {stem.id}  {stem.text}" for stem in new),
        *(f"Changed: {stem.id}, now {stem.status}" for stem in changed),
    ]
    for line in lines or ["Nothing changes."]:
        say(line)
    if not lines:
        return FINE
    if faults or not agreed():
        say("Nothing was kept.")
        return WRONG
    async with store.begin(organization) as tx:
        if await _compared(tx, library, path) != shown:
            say("Something else changed while you were reading. Nothing was kept: look at it again.")
            return WRONG
        for stem in (*new, *changed):
            now, language = datetime.now(UTC), library.language
            await tx.keep(question_of(stem, organization=organization, by="", language=language, at=now))
    say("Kept.")
    return FINE


async def _compared(
    tx: Tx, library: Library, path: Path
) -> tuple[tuple[Stem, ...], tuple[Stem, ...], tuple[Fault, ...]]:
    """What is new, what changes, and what may not: words that were asked stay with their id for good."""
    kept = {stem.id: stem for stem in map(stem_of, await tx.questions(library.language))}
    new = tuple(stem for stem in library.stems if stem.id not in kept)
    listed = {stem.id for stem in library.stems}
    others = tuple(stem for stem in kept.values() if stem.id not in listed)
    again = Library(language=library.language, stems=new)
    faults = faults_of(path, again, others, ours=False, name=path.name)
    mend = "Answers point at it. Retire it, and give the new words a new id."
    lined = Lined(path, path.name)
    reworded = [(n, s.id) for n, s in enumerate(library.stems) if s.id in kept and s.text != kept[s.id].text]
    told = "has other words than it was kept with"
    faults = (*faults, *(Fault(path.name, lined.line("stems", n, "text"), name, told, mend) for n, name in reworded))
    changed = tuple(stem for stem in library.stems if stem.id in kept and stem != kept[stem.id])
    return new, changed, faults


async def _kept(settings: Settings, language: str, organization: str) -> Library | None:
    from bot.serve import open_store
    from bot.whose import chosen

    store = await open_store(settings)
    try:
        found = await chosen(store, organization)
        if found is None or not found[2]:
            return None
        library = Library.load(language)
        async with store.begin(found[0]) as tx:
            return with_own(library, await tx.questions(library.language))
    finally:
        await store.close()


def _cannot_open() -> tuple[type[Exception], ...]:
    """What says in one line why a database is not to be had; loaded only where one is."""
    from bot.store import Busy, CannotOpen
    from bot.vault import NoKeys

    return Busy, CannotOpen, NoKeys
