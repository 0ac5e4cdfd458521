"""Whether those who are kept can be served: contacts, school days ahead, coaches, a way to reach each person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.doctor.finding import Finding
from bot.records import Person, School

if TYPE_CHECKING:
    from bot.store.homes import Home

SOON = timedelta(days=30)
_CONTACTS = ("safeguarding contact", "support contact", "emergency number", "crisis line")


def contacts(schools: Iterable[School]) -> list[Finding]:
    """No safety card can be shown without all four, and a sample one helps nobody."""
    found = []
    for school in sorted(schools, key=lambda school: school.name):
        given = school.contacts
        values = (given.safeguarding, given.support, given.emergency, given.crisis) if given else ("",) * 4
        missing = [name for name, value in zip(_CONTACTS, values, strict=True) if not value.strip()]
        mend = "beside school import FILE, with all four contacts."
        if missing:
            found.append(Finding("wrong", f"{school.name} has no {_listed(missing)}.", mend))
        elif school.sample:
            found.append(Finding("warn", f"{school.name} is a sample school: its contacts are made up.", mend))
        else:
            found.append(Finding("ok", f"{school.name} has its four contacts."))
    return found


def terms(schools: Iterable[School], today: date) -> list[Finding]:
    """After the last day of the last term nobody is asked anything, and nobody notices: that is told in time.

    A sample school lives by a clock of its own.
    """
    found = []
    for school in sorted(schools, key=lambda school: school.name):
        if not school.terms or school.sample:
            continue
        last = max(term.last for term in school.terms)
        mend = "beside school import FILE, with the terms of the next school year."
        if last < today:
            what = f"{school.name}'s last term ended on {last.isoformat()}: no day after it is a school day."
            found.append(Finding("warn", what, mend))
        elif last <= today + SOON:
            what = f"{school.name}'s last term ends on {last.isoformat()}: after it, no check-in is sent."
            found.append(Finding("warn", what, mend))
        else:
            found.append(Finding("ok", f"{school.name}'s terms are known until {last.isoformat()}."))
    return found


def workspaces(homes: Iterable[Home]) -> list[Finding]:
    """Those that let us in by themselves, those that have shown us out since, and when what is kept of these goes."""
    from bot.parting import ANY, KEPT, PLAYGROUND

    there = list(homes)
    stays = any(home.gone is None and home.platform != PLAYGROUND for home in there)
    last = max((home.gone for home in there if home.gone is not None), default=None)
    found = []
    for home in there:
        named = f"{home.name} ({home.team})" if home.team != ANY else home.name.capitalize()
        if home.gone is not None and last is not None:
            what = f"{named} removed Beside on {home.gone:%Y-%m-%d}: nobody there is written to."
            what += " All of it stays, since the organization is elsewhere too." if stays else ""
            what += "" if stays else f" All that is kept of it is erased on {last + KEPT:%Y-%m-%d}."
            way = "Its admin lets it in again at /slack/install"
            if home.team == ANY:
                way = "To keep it, install the app again, set the new token and restart beside serve"
            mend = f"{way}; what waited goes out then, unless it is too late."
            found.append(Finding("warn", what, mend))
        elif home.expected and home.team != ANY and home.platform == "slack":
            what = f"{named if home.name != home.team else home.team} has not let Beside in yet."
            found.append(Finding("warn", what, "Its admin opens /slack/install."))
        elif home.installer:
            found.append(Finding("ok", f"{named} has let Beside in."))
    return found


def erased(those: Iterable[tuple[datetime, str]]) -> list[Finding]:
    """Whoever removed us and did not come back, as long as that is noted."""
    return [
        Finding("ok", f"Erased on {at:%Y-%m-%d}, with all that was kept: {about or 'an organization'}.")
        for at, about in those
    ]


def people(everybody: Collection[Person], coached: Collection[str], reached: Collection[str]) -> list[Finding]:
    """Who could not be served. `coached` and `reached` are ids of people with a coach, and with an account."""
    if not everybody:
        return [
            Finding("warn", "Nobody is in the roster.", "beside school import FILE, then beside roster import FILE.")
        ]
    teachers = [person for person in everybody if person.role == "teacher"]
    found = [Finding("ok", f"In the roster: teachers {len(teachers):,}, coaches {len(everybody) - len(teachers):,}.")]
    if len(teachers) == len(everybody):
        found.append(Finding("warn", "Nobody in the roster is a coach.", "Give the coach a line in the roster."))
    for what, mend, those in (
        ("no coach", "Name one in the roster's coach column.", [one for one in teachers if one.id not in coached]),
        (
            "no account",
            "Write the account or e-mail in the roster.",
            [one for one in everybody if one.id not in reached],
        ),
    ):
        if those:
            named = _listed([person.handle for person in sorted(those, key=lambda one: one.handle)])
            found.append(Finding("warn", f"{len(those):,} with {what}: {named}.", mend))
    return found


def parked(dead: int, ambiguous: int = 0) -> list[Finding]:
    """Parcels that no platform took, and those of which nobody can say whether they were taken."""
    found = []
    if dead:
        what = f"{dead:,} messages are parked: their platform refused them."
        found.append(Finding("warn", what, "beside outbox list shows why."))
    if ambiguous:
        what = f"{ambiguous:,} messages may have arrived or not: the line broke, and their platform cannot be asked."
        found.append(Finding("warn", what, "Nothing needs to be done; the next question comes as usual."))
    return found or [Finding("ok", "No message is parked.")]


def _listed(words: list[str]) -> str:
    shown = words if len(words) <= 5 else [*words[:5], f"{len(words) - 5:,} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
