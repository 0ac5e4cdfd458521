"""The database: whether it is there, of this version, opened by these keys, and what is in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import real
from bot.doctor.finding import Finding
from bot.doctor.people import contacts, erased, parked, people, terms, workspaces
from bot.doctor.place import sqlite_file
from bot.flow import does_coach

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Backlog, Store

_LATE = 300


async def open_as_it_is(settings: Settings) -> tuple[Store | None, list[Finding]]:
    """The database opened without changing it. Looking must not make what is missing: no file, no key, no table."""
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        return None, [Finding("warn", "There is no database yet.", "beside serve makes it, or beside migrate.")]
    if file is not None and not (settings.keys or settings.keys_file) and not _key_of(file).exists():
        mend = "Put that file back, or set BESIDE_KEYS: without it, what people wrote stays closed."
        return None, [Finding("wrong", f"The key file {_key_of(file).name} is missing beside the database.", mend)]
    from bot.store import CannotOpen, Store
    from bot.vault import Keyring, NoKeys

    try:
        keyring = Keyring.load(settings)
        store = await Store.open(settings.database_url.get_secret_value(), keyring, migrate=False)
    except (CannotOpen, NoKeys) as fault:
        return None, [Finding("wrong", str(fault))]
    found = await _version(store)
    if any(one.state == "wrong" for one in found):
        await store.close()
        return None, found
    return store, [*found, *await keys(store, keyring.ids)]


async def look(store: Store) -> list[Finding]:
    """What is in a database that is at this version."""
    found = await constraint(store)
    for organization in await store.organizations():
        async with store.begin(organization) as tx:
            everybody = await tx.everybody()
            schools = await tx.schools()
            found += workspaces(await tx.homes())
            coaches = [person for person in everybody if does_coach(person)]
            coached = {teacher.id for coach in coaches for teacher in await tx.partners(coach)}
            reached = {person.id for platform in ("slack", "teams", "web") for person in await tx.on_platform(platform)}
        found += [*contacts(schools.values()), *terms(schools.values(), real().date())]
        found += people(everybody, coached, reached)
    async with store.clock() as clock:
        resting = Counter(one.state for one in await clock.parked())
        found += erased(await clock.erased())
    found += parked(resting["dead"], resting["ambiguous"])
    return found


def lags(backlog: Backlog) -> list[Finding]:
    """Whether somebody works on what is due and on what waits."""
    found = []
    for what, late in (("occurrence that is due", backlog.due_lag), ("message that is ready", backlog.oldest)):
        if late > _LATE:
            mend = "Is beside serve running? See docs/operate.md."
            found.append(Finding("warn", f"The oldest {what} has waited for {late // 60:,} minutes.", mend))
        else:
            found.append(Finding("ok", f"No {what} waits for long ({late:,} s)."))
    return found


async def constraint(store: Store) -> list[Finding]:
    """PostgreSQL can refuse double bookings by itself, where its extension could be made."""
    if await store.has_exclusion():
        return []
    mend = "Have an administrator run CREATE EXTENSION btree_gist, then make the database anew or add the constraint."
    return [Finding("warn", "PostgreSQL does not refuse overlapping bookings by itself; Beside still does.", mend)]


async def keys(store: Store, ids: tuple[str, ...]) -> list[Finding]:
    """Every data key names the master key it is wrapped with."""
    from sqlalchemy import select

    from bot.store.tables import data_key
    from bot.vault import Tampered, key_id

    counted: Counter[str] = Counter()
    async with store.engine.connect() as connection:
        for row in await connection.execute(select(data_key.c.wrapped).where(data_key.c.wrapped.is_not(None))):
            try:
                counted[key_id(row.wrapped)] += 1
            except Tampered:
                counted[""] += 1
    missing = {name: rows for name, rows in counted.items() if name not in ids}
    if not missing:
        return [Finding("ok", f"The master keys open every data key ({counted.total():,}).")]
    return [
        Finding(
            "wrong",
            f"{rows:,} data keys need the master key {name or 'of another version'!r}.",
            "Add it to BESIDE_KEYS.",
        )
        for name, rows in sorted(missing.items())
    ]


async def _version(store: Store) -> list[Finding]:
    from alembic.script import ScriptDirectory
    from sqlalchemy import inspect, text

    from bot import migrate

    head = ScriptDirectory.from_config(migrate.config()).get_current_head() or ""
    async with store.engine.connect() as connection:
        there = await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version"))
        version = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar() if there else ""
    if version == head:
        return [Finding("ok", f"The database is reachable and at {head}.")]
    if not version:
        return [Finding("wrong", "The database is empty.", "beside migrate, or beside serve, fills it.")]
    if str(version) > head:
        return [
            Finding(
                "wrong", f"The database is at {version}, newer than this Beside ({head}).", "Install the newer Beside."
            )
        ]
    return [Finding("wrong", f"The database is at {version}, older than this Beside ({head}).", "beside migrate")]


def _key_of(file: Path) -> Path:
    return file.with_name(file.name + ".key")
