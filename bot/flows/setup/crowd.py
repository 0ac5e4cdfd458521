"""People who were chosen: who they are here already, what they will be called, and why some are left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

from bot.events import Account, Commanded, Submitted
from bot.flow import Facts
from bot.flows.setup.states import Candidate, Why
from bot.records import Own, Person

EMAIL = re.compile(r"[^\s@,;<>()\"]{1,64}@[^\s@,;<>()\"]+\.[^\s@,;<>()\"]{2,}")
MOST = 1_000


def handle_for(name: str, taken: Collection[str]) -> str:
    """One short word that nobody else has here: the first name, and more of it where it has to be."""
    words = [re.sub(r"[^a-z0-9]", "", _plain(word)) for word in name.split()]
    first, rest = (next(iter(words), "") or "someone"), [word for word in words[1:] if word]
    wished = [first, *(f"{first}{word[0]}" for word in rest[-1:]), *(f"{first}.{word}" for word in rest[-1:])]
    numbered = (f"{first}{n}" for n in range(2, len(taken) + 3))
    return next(one for one in (*wished, *numbered) if one not in taken)


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


def zone_of(zone: str, otherwise: str = "UTC") -> str:
    """A zone that there is."""
    try:
        return ZoneInfo(zone).key
    except (KeyError, ValueError, OSError):
        return otherwise


def chosen(event: Commanded | Submitted, facts: Facts, role: str) -> tuple[Candidate, ...]:
    """Everybody who was chosen, once: those that the platform knows, then those of a list that it does not."""
    written = event.fields.get("who_list", "") if isinstance(event, Submitted) else ""
    found = [_candidate(one, facts, role) for one in event.people]
    known = {one.email.casefold() for one in event.people if one.email}
    listed = [_listed(name, email, facts, role) for name, email in read(written) if email.casefold() not in known]
    every: dict[str, Candidate] = {}
    for one in (*found, *listed):
        every.setdefault(one.user or (one.email.text.casefold() if one.email else one.name), one)
    return tuple(every.values())[:MOST]


def emails(event: Commanded | Submitted) -> tuple[str, ...]:
    """Those of a list, as they are compared."""
    written = event.fields.get("who_list", "") if isinstance(event, Submitted) else ""
    return tuple(dict.fromkeys(email.casefold() for _, email in read(written)))[:MOST]


def read(written: str) -> Iterator[tuple[str, str]]:
    """(name, e-mail) of each line, or of each part before a semicolon, that has an e-mail; a heading has none."""
    for line in re.split(r"[\r\n;]+", written):
        if found := EMAIL.search(line):
            rest = re.sub(r"[<>()\",;\t]+", " ", line.replace(found[0], " "))
            yield " ".join(rest.split())[:120] or found[0].partition("@")[0].replace(".", " ").title(), found[0]


def _candidate(one: Account, facts: Facts, role: str) -> Candidate:
    person = facts.holders.get(one.user)
    return Candidate(
        name=one.name or (person.name if person else one.user), platform=one.platform, team=one.team,
        user=one.user, zone=one.zone, locale=one.locale,
        email=Own(one.email, facts.me.organization) if one.email else None,
        person=person.id if person else "", unmet=person is None or person.chat == "new",
        why=one.barred or _here_as(person, facts, role),
    )  # fmt: skip


def _here_as(person: Person | None, facts: Facts, role: str) -> Why:
    """Why somebody who is here already is not chosen again."""
    if person is None or (role == "coach" and person.role == "admin"):
        return ""
    if role == "coach":
        return "" if person.role == "coach" and not person.coaching else _as_coach(person)
    if person.id == facts.me.id:
        return "me"
    if person.role != "teacher":
        return "coach"
    return "already" if person.id in {partner.id for partner in facts.partners} else ""


def _as_coach(person: Person) -> Why:
    return "already" if person.role == "coach" else "teacher"


def _listed(name: str, email: str, facts: Facts, role: str) -> Candidate:
    """Somebody of a list whom the platform was not asked about, or does not know."""
    here = facts.platform != "slack"
    person = facts.holders.get(email.casefold())
    team = {"web": "playground"}.get(facts.platform, "*")
    return Candidate(
        name=name, platform=facts.platform, team=team, locale=facts.me.locale,
        email=Own(email, facts.me.organization), person=person.id if person else "",
        unmet=person is None or person.chat == "new",
        why=_here_as(person, facts, role) if here or person else "unknown",
    )  # fmt: skip
