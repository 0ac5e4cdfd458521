"""An import from the file to what is kept: shown first, agreed to, then one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from bot import rescheduling
from bot.calendars.schedules import Touched
from bot.imports import (
    NO_CALENDAR,
    Calendars,
    Changes,
    Known,
    PersonLine,
    Problem,
    SchoolLine,
    columns_ignored,
    compare_roster,
    compare_schools,
    folded,
    preview,
    read_bells,
    read_calendar,
    read_roster,
    read_schools,
    told,
)
from bot.imports.roster import Reach
from bot.imports.schools import zone_problem
from bot.imports.table import quoted
from bot.records import Partnership
from bot.ringing import BellDay
from bot.whose import chosen, waits_for, whose

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Store, Tx

KEPT, NOT_KEPT = 0, 1

Kind = Literal["school", "roster"]
Beside = tuple[Calendars, Mapping[str, tuple[BellDay, ...]]]
Lines = tuple[SchoolLine, ...] | tuple[PersonLine, ...]


def run(
    settings: Settings,
    kind: Kind,
    data: bytes,
    *,
    organization: str | None,
    agreed: Callable[[], bool],
    say: Callable[[str], None],
    calendar: bytes | None = None,
    bells: bytes | None = None,
    team: str | None = None,
) -> int:
    """The whole command; `agreed` is asked once, after everything was shown."""
    from sqlalchemy.exc import OperationalError

    from bot.store import Busy, CannotOpen, Conflict, Store
    from bot.vault import Keyring, NoKeys

    async def bring_it() -> int:
        url = settings.database_url.get_secret_value()
        store = await Store.open(url, Keyring.load(settings), migrate=settings.migrate)
        try:
            now, clock = datetime.now(UTC), await _clock(store, settings, organization)
            return await bring(
                store,
                kind,
                data,
                organization=organization,
                now=now,
                agreed=agreed,
                say=say,
                calendar=calendar,
                bells=bells,
                clock=clock,
                team=team,
            )
        finally:
            await store.close()

    try:
        return asyncio.run(bring_it())
    except (CannotOpen, NoKeys) as fault:
        say(str(fault))
    except (Busy, Conflict, OperationalError):
        say("The database is busy. Nothing was kept: try again.")
    return NOT_KEPT


async def bring(
    store: Store,
    kind: Kind,
    data: bytes,
    *,
    organization: str | None,
    now: datetime,
    agreed: Callable[[], bool],
    say: Callable[[str], None],
    calendar: bytes | None = None,
    bells: bytes | None = None,
    clock: datetime | None = None,
    team: str | None = None,
) -> int:
    """Nothing is kept if one line has a problem, if nobody agrees, or if it would no longer be what was shown."""
    lines, table, problems = read_schools(data) if kind == "school" else read_roster(data)
    beside, wrong = _beside(calendar, bells, lines)
    problems = (*problems, *wrong)
    moved: tuple[Touched, ...] = ()
    touches: list[str] = []
    found = await whose(store, organization, team)
    if isinstance(found, str):
        say(found)
        return NOT_KEPT
    ident, name, known = found
    awaited = team if team is not None and await waits_for(store, ident, team, known) else None
    if known:
        async with store.begin(ident) as tx:
            shown = _compared(lines, await _kept(tx, lines), now, beside)
            moved = await rescheduling.found(tx, await tx.schools(), shown.schools, clock or now)
            touches = await rescheduling.lines(tx, moved)
    else:
        shown = _compared(lines, Known(organization=ident, schools={}, people={}, owners={}), now, beside)
    if problems or shown.problems:
        for line in told(table.headed((*problems, *shown.problems))):
            say(line)
        return NOT_KEPT
    for line in (
        columns_ignored(table.ignored),
        _unused(beside[0]),
        "" if known else f"New organization: {name}",
        "" if awaited is None else f"For the Slack workspace {awaited}, which has not let Beside in yet.",
        *preview(shown),
        *touches,
    ):
        if line:
            say(line)
    if shown.empty and awaited is None:
        say("Nothing changes.")
        return KEPT
    if not agreed():
        say("Nothing was kept.")
        return NOT_KEPT
    if not known:
        await store.create_organization(ident, name)
    async with store.begin(ident) as tx:
        same = _compared(lines, await _kept(tx, lines), now, beside) == shown
        if not same or await rescheduling.found(tx, await tx.schools(), shown.schools, clock or now) != moved:
            say("Something else changed while you were reading. Nothing was kept: look at it again.")
            return NOT_KEPT
        if awaited is not None:
            await tx.expect("slack", awaited)
        await _keep(tx, shown, now, clock)
        await rescheduling.ask(tx, moved, clock or now)
    say("Kept.")
    return KEPT


def _unused(calendars: Calendars) -> str:
    """One line about what the calendar holds besides, or nothing."""
    names = calendars.unused
    more = f" and {len(names) - 10:,} more" if len(names) > 10 else ""
    return f"Not used of the calendar: {', '.join(map(quoted, names[:10]))}{more}." if names else ""


async def _clock(store: Store, settings: Settings, wanted: str | None) -> datetime | None:
    """The playground's own clock, by which those live who are reached there."""
    found = await chosen(store, wanted) if settings.with_playground else None
    if found is None:
        return None
    from bot.demo import OPENS

    async with store.begin(found[0]) as tx:
        return await tx.stored_clock() or OPENS


def _calendars(data: bytes | None, lines: Lines) -> tuple[Calendars, tuple[Problem, ...]]:
    """The calendar file beside the schools; a time in UTC is read where the first of them is."""
    schools = [one for one in lines if isinstance(one, SchoolLine)]
    if data is None or not schools:
        return NO_CALENDAR, ()
    zone = next((one.zone for one in schools if zone_problem(0, "", one.zone)[1] is None), "UTC")
    return read_calendar(data, zone, [one.name for one in schools])


def _beside(calendar: bytes | None, bells: bytes | None, lines: Lines) -> tuple[Beside, tuple[Problem, ...]]:
    """The files that come with the schools, and every problem in them."""
    calendars, wrong = _calendars(calendar, lines)
    names = {folded(one.name) for one in lines if isinstance(one, SchoolLine)}
    days, more = read_bells(bells, names) if bells is not None else ({}, ())
    return (calendars, days), (*wrong, *more)


def _compared(lines: Lines, known: Known, now: datetime, beside: Beside) -> Changes:
    schools = tuple(one for one in lines if isinstance(one, SchoolLine))
    people = tuple(one for one in lines if isinstance(one, PersonLine))
    return (
        compare_schools(schools, known.schools, known.organization, *beside)
        if schools
        else compare_roster(people, known, now)
    )


async def _kept(tx: Tx, lines: Lines) -> Known:
    """What is kept at this moment, as far as these lines may touch it."""
    return Known(
        organization=tx.organization,
        schools={folded(school.name): school for school in (await tx.schools()).values()},
        people={person.handle.casefold(): person for person in await tx.everybody()},
        owners=await _owners(tx, [reach for one in lines if isinstance(one, PersonLine) for reach in one.reaches]),
        partnerships=await _partnerships(tx),
    )


async def _owners(tx: Tx, reaches: Iterable[Reach]) -> dict[tuple[str, str], str]:
    """Whose the accounts are. An e-mail is only known by its fingerprint, so those of the file are made to compare."""
    from sqlalchemy import select

    from bot.store.tables import account

    a = account.c
    rows = await tx._rows(  # noqa: SLF001 - a read that only an import needs
        select(a.person_id, a.platform, a.user_id, a.email).where(a.organization_id == tx.organization)
    )
    owners = {(row.platform, row.user_id): row.person_id for row in rows if row.user_id}
    prints = {(row.platform, row.email): row.person_id for row in rows if row.email}
    for reach in reaches:
        if not (prints and reach.email):
            continue
        print_ = await tx._looked_up(reach.email)  # noqa: SLF001 - only the store has the key
        if (owner := prints.get((reach.platform, print_))) is not None:
            owners[reach.platform, reach.email] = owner
    return owners


async def _partnerships(tx: Tx) -> tuple[Partnership, ...]:
    """Every open one of this organization."""
    from sqlalchemy import select

    from bot.store.tables import partnership

    p = partnership.c
    rows = await tx._rows(  # noqa: SLF001 - a read that only an import needs
        select(partnership).where(p.organization_id == tx.organization, p.until.is_(None)).order_by(p.id)
    )
    return tuple(
        Partnership(
            id=row.id,
            organization=tx.organization,
            coach=row.coach,
            teacher=row.teacher,
            since=datetime.fromtimestamp(row.since, UTC),
        )
        for row in rows
    )


async def _keep(tx: Tx, changes: Changes, now: datetime, clock: datetime | None) -> None:
    for school in changes.schools:
        await tx.save_school(school)
    for person in changes.people:
        await tx.keep(person)
    for owner, account in changes.accounts:
        await tx.add_account(owner, account, account.email)
    for partnership in changes.partnerships:
        await tx.keep(partnership)
    played = {owner for owner, account in changes.accounts if account.platform == "web"}
    for person in changes.meetings:
        at = clock if clock and person.id in played else now
        day = at.astimezone(ZoneInfo(person.zone)).date()
        await tx.plan(key=f"{person.id}:meeting:", person=person.id, topic="meeting", at=at, day=day)
