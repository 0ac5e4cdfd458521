"""People from a file: who they are, where they are reached, and who is beside whom."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, structs

from bot.imports.schools import zone_problem
from bot.imports.table import Problem, Row, Table, folded, meant, plain, quoted, table
from bot.records import Role

_NAMES = {
    "name": ("full name", "person"),
    "handle": ("nickname", "short name", "mention"),
    "platform": ("app",),
    "account": (
        "account id", "user id", "id", "member id", "account id or e-mail", "account id or email", "account or e-mail",
        "account or email",
    ),
    "email": ("e-mail address", "email address", "mail"),
    "role": (),
    "coach": ("coaches", "coach handle", "coach name", "partner"),
    "zone": ("time zone", "timezone", "iana zone", "tz"),
    "school": ("school name",),
}  # fmt: skip
_TEACHERS = {"teacher", "classroomteacher", "mathteacher", "educator", "instructor", "docente", "maestra", "maestro"}
_COACHES = {
    "coach", "mathcoach", "mathematicscoach", "mathscoach", "instructionalcoach", "mentor", "facilitator",
    "mathspecialist", "specialist",
}  # fmt: skip
_PLATFORMS = {
    "slack": "slack", "teams": "teams", "msteams": "teams", "microsoftteams": "teams", "web": "web",
    "browser": "web", "playground": "web",
}  # fmt: skip
_SLACK = re.compile(r"[UW][A-Z0-9_]{1,30}")
_TEAMS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|29:[\w-]{1,200}", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;<>()]{1,64}@[^\s@,;<>()]+\.[^\s@,;<>()]{2,}")


class Reach(Struct, frozen=True):
    """One account as a line names it."""

    platform: str
    user: str
    email: str
    line: int


class PersonLine(Struct, frozen=True, kw_only=True):
    """What all lines of one handle say together. Empty is not said: what is kept already stays."""

    line: int
    handle: str
    name: str
    role: Role | None
    school: str
    zone: str
    coaches: tuple[str, ...]
    reaches: tuple[Reach, ...]


def read_roster(data: bytes) -> tuple[tuple[PersonLine, ...], Table, tuple[Problem, ...]]:
    """Every person, the table they came from, and every problem in the file."""
    found = table(data, _NAMES, ("name", "handle", "role", "school"))
    problems = list(found.problems)
    people: dict[str, PersonLine] = {}
    for row in found.rows:
        one = _line(row, problems)
        if one.handle:
            known = people.get(one.handle)
            people[one.handle] = one if known is None else _joined(known, one, problems)
    said = {(problem.line, problem.column) for problem in problems}
    for one in people.values():
        for field, value in (("name", one.name), ("role", one.role), ("school", one.school)):
            if not value and field in found.columns and (one.line, field) not in said:
                problems.append(Problem(one.line, field, "this cell is empty. Fill it in."))
        if one.role == "coach" and one.coaches:
            problems.append(Problem(one.line, "coach", "only a teacher's line names a coach. Leave this cell empty."))
    problems += _shared(people)
    return tuple(people.values()), found, tuple(sorted(problems))


def _line(row: Row, problems: list[Problem]) -> PersonLine:
    def problem(column: str, what: str) -> None:
        problems.append(Problem(row.line, column, what))

    cells = row.cells
    for column, limit in (("name", 120), ("handle", 60), ("school", 120), ("email", 254), ("account", 254)):
        if len(cells.get(column, "")) > limit:
            problem(column, f"this is longer than {limit} characters. Shorten it.")
    handle = cells.get("handle", "").removeprefix("@").casefold()
    if not handle:
        problem("handle", "this cell is empty. Give each person one short word, such as ana.")
    elif not re.fullmatch(r"[\w][\w.\-]*", handle):
        problem("handle", f"{quoted(cells['handle'])} is not one word. Use letters, digits, dots and dashes.")
    role: Role | None = None
    if said := cells.get("role", ""):
        word = folded(said)
        role = "teacher" if word.rstrip("s") in _TEACHERS else "coach" if word in _COACHES else None
        if role is None:
            problem("role", f"{quoted(said)} is neither teacher nor coach. Others are not in the roster.")
    zone = cells.get("zone", "")
    if zone:
        zone, wrong = zone_problem(row.line, "zone", zone)
        problems.extend([wrong] if wrong else [])
    reach = _reach(row, problems)
    return PersonLine(
        line=row.line,
        handle=handle,
        name=cells.get("name", ""),
        role=role,
        school=cells.get("school", ""),
        zone=zone,
        coaches=tuple(filter(None, (plain(one).removeprefix("@") for one in cells.get("coach", "").split(";")))),
        reaches=(reach,) if reach else (),
    )


def _reach(row: Row, problems: list[Problem]) -> Reach | None:
    """The account of one line; a value with @ is an e-mail wherever it stands."""

    def problem(column: str, what: str) -> None:
        problems.append(Problem(row.line, column, what))

    said, user, email = (row.cells.get(column, "") for column in ("platform", "account", "email"))
    if "@" in user.removeprefix("@"):
        if email and email.casefold() != user.casefold():
            problem("account", "this is another e-mail than the one in its own column. Keep one.")
        user, email = "", user
    platform = _PLATFORMS.get(folded(said), "")
    if said and not platform:
        problem("platform", f"{quoted(said)} is no platform. Write slack, teams or web.{meant(said, _PLATFORMS)}")
        return None
    if not platform:
        if user or email:
            problem("platform", "this cell is empty. Write slack or teams, where the account is, or web.")
        return None
    if platform == "web":
        # Whatever stands there: in the playground a person is who they are in the roster.
        return Reach("web", "", "", row.line)
    if not user and not email:
        problem("account", f"no way to reach them on {platform}. Write the account id or the e-mail.")
        return None
    if email and not _EMAIL.fullmatch(email):
        problem("email", f"{quoted(email)} is no e-mail address. Write it as name@school.org.")
    typed, user = user, user.upper() if platform == "slack" else user
    if user and platform == "slack" and not _SLACK.fullmatch(user):
        problem("account", f"{quoted(typed)} is no Slack member id. It begins with U: profile, ⋮, Copy member ID.")
    if user and platform == "teams" and not _TEAMS.fullmatch(user):
        problem("account", f"{quoted(user)} is no Teams id. Write the Entra object id, or the e-mail instead.")
    return Reach(platform, user, email.casefold(), row.line)


def _joined(known: PersonLine, one: PersonLine, problems: list[Problem]) -> PersonLine:
    """Two lines of one handle: several accounts of one person, who must be described the same."""
    for field, was, now in (
        ("name", known.name, one.name),
        ("role", known.role or "", one.role or ""),
        ("school", known.school, one.school),
        ("zone", known.zone, one.zone),
    ):
        if was and now and folded(was) != folded(now):
            what = (
                f"line {known.line} says {quoted(was)} for {known.handle}. Write the same on both, or another handle."
            )
            problems.append(Problem(one.line, field, what))
    reaches = {reach.platform: reach for reach in known.reaches}
    for reach in one.reaches:
        first = reaches.setdefault(reach.platform, reach)
        if first.user and reach.user and first.user != reach.user:
            what = (
                f"line {first.line} has another {reach.platform} account for {known.handle}. Keep one on each platform."
            )
            problems.append(Problem(reach.line, "account", what))
        elif first.email and reach.email and first.email != reach.email:
            what = (
                f"line {first.line} has another {reach.platform} e-mail for {known.handle}. Keep one on each platform."
            )
            problems.append(Problem(reach.line, "email", what))
        both = Reach(first.platform, first.user or reach.user, first.email or reach.email, first.line)
        reaches[reach.platform] = both
    return structs.replace(
        known,
        name=known.name or one.name,
        role=known.role or one.role,
        school=known.school or one.school,
        zone=known.zone or one.zone,
        coaches=known.coaches if one.coaches == known.coaches else tuple(dict.fromkeys((*known.coaches, *one.coaches))),
        reaches=tuple(reaches.values()),
    )


def _shared(people: Mapping[str, PersonLine]) -> list[Problem]:
    """One account belongs to one person."""
    problems: list[Problem] = []
    owner: dict[tuple[str, str], tuple[str, int]] = {}
    for person in people.values():
        for reach in person.reaches:
            for column, value in (("account", reach.user), ("email", reach.email)):
                first, line = owner.setdefault((reach.platform, value), (person.handle, reach.line))
                if value and first != person.handle:
                    what = f"{quoted(value)} is {first}'s on line {line}. Give each person their own."
                    problems.append(Problem(reach.line, column, what))
    return problems
