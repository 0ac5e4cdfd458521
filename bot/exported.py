"""`beside export`: all that is kept of one person, for whoever runs the server; the person is told, and sees it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from bot.cards import Card
from bot.clock import real
from bot.handing import files_of, gathered
from bot.platform import File
from bot.records import Showing
from bot.words import Lines

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Store

DONE, NOT_DONE, WRONG = 0, 1, 2


def run(
    settings: Settings, handle: str, reason: str, folder: str, organization: str | None
) -> tuple[list[str], int]:  # fmt: skip
    """What to print, and what to tell the shell."""
    from bot.doctor.kept import open_as_it_is

    async def go() -> tuple[list[str], int]:
        store, found = await open_as_it_is(settings)
        if store is None:
            return [str(one) for one in found], WRONG
        try:
            why, now = " ".join(reason.split()), real()
            if settings.with_playground and len(there := await store.organizations()) == 1:
                # In the playground it is as late as its own clock says.
                async with store.begin(there[0]) as tx:
                    now = await tx.stored_clock() or now
            return await exported(store, handle, why, Path(folder), organization, now)
        finally:
            await store.close()

    return asyncio.run(go())


async def exported(
    store: Store, handle: str, reason: str, folder: Path, organization: str | None, now: datetime
) -> tuple[list[str], int]:
    """The files first: where they cannot be written, nobody was shown anything."""
    if not reason:
        return ["Say why with --reason: the person is told."], WRONG
    there = await store.organizations()
    if organization is None and len(there) != 1:
        return [f"Name the organization with --organization: {', '.join(there)}."], WRONG
    home = organization or there[0]
    async with store.begin(home) as tx:
        person = (await tx.handles()).get(handle.removeprefix("@"))
        export = await gathered(tx, person, now) if person else None
        if person is None or export is None:
            return [f"Nobody here has the handle {handle}."], NOT_DONE
        paths, fault = written(folder, export.person.handle, files_of(export))
        if fault:
            return [f"{folder} cannot be written to ({fault})."], WRONG
        key = f"export:{uuid4().hex}"
        showing = Showing(
            id=key, organization=home, person=person, reader="", way="exported", kind="everything", record="", at=now
        )
        await tx.keep(showing)
        told = Lines.load(export.person.language)("mine.exported", reason=reason)
        await tx.post(
            key=key, person=person, kind="say", name="", thread="", card=Card(blocks=(told,)), at=now, expires_at=None,
            priority=0,
        )  # fmt: skip
    return [f"{path}" for path in paths], DONE


def written(folder: Path, handle: str, files: tuple[File, ...]) -> tuple[list[Path], str]:
    """Where they are, readable by their owner alone; or why they are not."""
    paths = [folder / f"{handle}-{file.name}" for file in files]
    try:
        for path, file in zip(paths, files, strict=True):
            path.touch(0o600)
            path.write_bytes(file.body)
    except OSError as fault:
        return [], fault.strerror or type(fault).__name__
    return paths, ""
