"""A roster beside what is kept already: what would be new, what would change, and what cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct, structs

from bot.cadence import after_school
from bot.events import Account
from bot.flow import derived, does_coach
from bot.imports.changes import Change, Changes
from bot.imports.roster import PersonLine, Reach
from bot.imports.schools import DAYS
from bot.imports.table import Problem, folded, masked, meant, quoted
from bot.records import Partnership, Person, School

_HINTS = 20


class Known(Struct, frozen=True, kw_only=True):
    """What is kept: schools by `folded` name, people by handle, accounts by platform and id or e-mail."""

    organization: str
    schools: Mapping[str, School]
    people: Mapping[str, Person]
    owners: Mapping[tuple[str, str], str]
    partnerships: tuple[Partnership, ...] = ()


def person_id(organization: str, handle: str) -> str:
    """The same handle in the same organization has the same id in every import."""
    return derived(organization, "person", handle.casefold())


def partnership_id(organization: str, coach: str, teacher: str) -> str:
    return derived(organization, "partnership", coach, teacher)


def check_in(school: School) -> tuple[int, int]:
    """Weekday and minute of a first check-in: Thursday or the school day before it, 20 minutes after school."""
    order = (3, 2, 1, 0, 4, 5, 6)
    weekday = next((day for day in order if DAYS[day] not in school.weekend), 3)
    return weekday, after_school(school)


def compare_roster(lines: tuple[PersonLine, ...], known: Known, now: datetime) -> Changes:
    """What keeping these lines would change, and every problem that only what is kept can show."""
    problems: list[Problem] = []
    after = {one.handle: _person(one, known, problems) for one in lines}
    coaches = _beside(lines, after, known, problems)
    ended = _ended(after, coaches, known, now)
    held = {(one.coach, one.teacher) for one in known.partnerships}
    had_one = {one.teacher for one in known.partnerships}
    names = {person.id: person.name for person in (*known.people.values(), *after.values())}
    partings: dict[str, list[str]] = {}
    for end in ended:
        partings.setdefault(end.teacher, []).append(f"no longer with {names.get(end.coach, 'a coach')} beside them")
        partings.setdefault(end.coach, []).append(f"no longer beside {names.get(end.teacher, 'a teacher')}")
    result: dict[str, list[Change]] = {"new": [], "changed": []}
    people, accounts, partnerships, meetings = [], [], list(ended), []
    for one in lines:
        person, before = after[one.handle], known.people.get(one.handle)
        reached = [account for reach in one.reaches if (account := _account(reach, person, known, problems))]
        begun = [coach for coach in coaches.get(person.id, ()) if (coach.id, person.id) not in held]
        words = [] if before is None else _differences(before, person, known)
        words += [f"reached on {_way(account)}" for account in reached]
        words += [f"{coach.name} beside them" for coach in begun]
        words += partings.get(person.id, [])
        if before is None:
            words.insert(0, f"{person.role}, {one.school}, {person.zone}")
        if before != person:
            people.append(person)
        if words:
            result["new" if before is None else "changed"].append(Change(f"{person.name} ({one.handle})", tuple(words)))
        accounts += [(person.id, account) for account in reached]
        partnerships += [
            Partnership(
                id=partnership_id(known.organization, coach.id, person.id),
                organization=known.organization,
                coach=coach.id,
                teacher=person.id,
                since=now,
            )
            for coach in begun
        ]
        if begun and person.chat == "new" and person.id not in had_one:
            meetings.append(person)
    return Changes(
        new=tuple(result["new"]),
        changed=tuple(result["changed"]),
        unchanged=len(lines) - len(result["new"]) - len(result["changed"]),
        people=tuple(people),
        accounts=tuple(accounts),
        partnerships=tuple(partnerships),
        meetings=tuple(meetings),
        problems=tuple(sorted(problems)),
    )


def _person(one: PersonLine, known: Known, problems: list[Problem]) -> Person:
    before = known.people.get(one.handle)
    school = known.schools.get(folded(one.school))
    if school is None and one.school:
        near = meant(one.school, (found.name for found in known.schools.values())) if len(problems) < _HINTS else ""
        what = f"{quoted(one.school)} is not known.{near} Import it first: beside school import FILE."
        problems.append(Problem(one.line, "school", what))
    role = one.role or "teacher"
    if before is not None:
        old = next((found for found in known.schools.values() if found.id == before.school), None)
        moved = school.zone if school and old and before.zone == old.zone else before.zone
        home = school.id if school else before.school
        coaching = before.coaching or one.role == "coach"  # a file that says so puts them back
        before = structs.replace(before, name=one.name, role=role, school=home, coaching=coaching)
        if before.zone_by == "self":  # what they said in chat is theirs
            return before
        return structs.replace(before, zone=one.zone or moved, zone_by="told" if one.zone else before.zone_by)
    weekday, minute = check_in(school) if school else (3, 0)
    return Person(
        id=person_id(known.organization, one.handle),
        organization=known.organization,
        handle=one.handle,
        name=one.name,
        role=role,
        school=school.id if school else "",
        zone=one.zone or (school.zone if school else ""),
        zone_by="told" if one.zone else "presumed",
        weekday=weekday,
        minute=minute,
    )


def _beside(
    lines: tuple[PersonLine, ...], after: Mapping[str, Person], known: Known, problems: list[Problem]
) -> dict[str, list[Person]]:
    """The coaches each teacher's line names, by the teacher's id; a teacher whose line names none is not in it."""
    everybody = {**known.people, **after}
    named: dict[str, list[Person]] = {}
    for person in everybody.values():
        named.setdefault(folded(person.name), []).append(person)
    unsaid = {one.handle for one in lines if one.role is None}
    found: dict[str, list[Person]] = {}
    for one in lines:
        for words in one.coaches:
            by_handle = everybody.get(words.casefold())
            candidates = [by_handle] if by_handle else named.get(folded(words), [])
            coaches = [person for person in candidates if person.role == "coach"]
            if len(coaches) == 1:
                found.setdefault(after[one.handle].id, []).append(coaches[0])
            elif coaches:
                problems.append(
                    Problem(one.line, "coach", f"{quoted(words)} is more than one coach. Write the handle.")
                )
            elif any(person.handle in unsaid for person in candidates):
                continue  # Their own line says what is wrong.
            elif candidates:
                what = f"{quoted(words)} is in the roster as a teacher. Change the role there, or name another."
                problems.append(Problem(one.line, "coach", what))
            else:
                handles = (coach.handle for coach in everybody.values() if coach.role == "coach")
                near = meant(words, handles) if len(problems) < _HINTS else ""
                what = f"{quoted(words)} is nobody in the roster.{near} Give each coach a line of their own."
                problems.append(Problem(one.line, "coach", what))
    return found


def _ended(
    after: Mapping[str, Person], coaches: Mapping[str, list[Person]], known: Known, now: datetime
) -> list[Partnership]:
    """Partnerships that a line now contradicts: it names others, or the role changed. A missing line ends nothing."""
    roles = {person.id: person.role for person in after.values()}
    return [
        structs.replace(one, until=now)
        for one in known.partnerships
        if roles.get(one.teacher, "teacher") != "teacher"
        or roles.get(one.coach, "coach") != "coach"
        or (one.teacher in coaches and all(coach.id != one.coach for coach in coaches[one.teacher]))
    ]


def _account(reach: Reach, person: Person, known: Known, problems: list[Problem]) -> Account | None:
    """The account to keep, or None where it is kept already."""
    if reach.platform == "web":
        at = Account(platform="web", team="playground", user=person.id, channel=person.id)
        return None if known.owners.get(("web", person.id)) == person.id else at
    told = [(column, value) for column, value in (("account", reach.user), ("email", reach.email)) if value]
    owners = [known.owners.get((reach.platform, value)) for _, value in told]
    for (column, value), owner in zip(told, owners, strict=True):
        if owner is not None and owner != person.id:
            other = next((one.handle for one in known.people.values() if one.id == owner), "somebody else")
            what = f"{quoted(value)} is {other}'s already. Give each person their own."
            problems.append(Problem(reach.line, column, what))
    if all(owner == person.id for owner in owners):
        return None
    return Account(platform=reach.platform, team="*", user=reach.user, email=reach.email)


def _differences(before: Person, after: Person, known: Known) -> list[str]:
    schools = {school.id: school.name for school in known.schools.values()}
    shown = (
        ("name", before.name, after.name),
        ("role", before.role, after.role),
        ("school", schools.get(before.school, "none"), schools.get(after.school, "none")),
        ("zone", before.zone, after.zone),
    )
    again = ["coaches here again"] if does_coach(after) and not before.coaching else []
    return again + [f"{field} {now}  (was: {was})" for field, was, now in shown if was != now]


def _way(account: Account) -> str:
    by = " and ".join(filter(None, ("its id" if account.user else "", masked(account.email))))
    return "the playground" if account.platform == "web" else f"{account.platform}, by {by}"


def columns_ignored(ignored: Iterable[str]) -> str:
    """One line about headings nobody asked for, or nothing."""
    return f"Columns not used: {', '.join(quoted(name) for name in ignored)}." if ignored else ""
