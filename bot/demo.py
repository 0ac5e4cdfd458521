"""The sample school: coach Sam, teachers Ana, Ben and Devi, three weeks in, on a Tuesday morning."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.cadence import instant, next_checkin
from bot.events import Account
from bot.flow import derived
from bot.records import Asked, Contacts, NextStep, Own, Partnership, Person, Reflection, School
from bot.stems import Library

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Store

ORGANIZATION = "demo"
ZONE = "America/New_York"
OPENS = datetime(2026, 10, 13, 9, 0, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
TEAM = "playground"

SCHOOL = School(
    id=derived(ORGANIZATION, "school"),
    organization=ORGANIZATION,
    name="Lincoln School (sample)",
    zone=ZONE,
    opens=8 * 60,
    closes=15 * 60,
    contacts=Contacts(
        safeguarding="Ms. Idris, student safety, 555 0100 (sample)",
        support="Staff support line, 555 0101 (sample)",
        emergency="911",
        crisis="988, day and night",
    ),
    sample=True,
)

# (stem, answer, follow-up answer, step, how we'll know), one a week, oldest first.
_WEEKS: dict[str, tuple[tuple[str, str, str, str, str], ...]] = {
    "ana": (
        ("wr-ped-01", "The jar of buttons. Everyone guessed before I said a word.", "I left the number off the board.",
         "Leave one number out on purpose.", "Guesses that come with a reason."),
        ("wr-ped-02", "When the two halves did not match and they had to say why.", "I sat down at the back table.",
         "Sit down for the first five minutes.", "They turn to each other before they turn to me."),
        ("wr-ped-03", "Somebody counted up from the middle, unplanned.",
         "I wrote it next to the others.", "Ask two questions before I explain.",
         "Longer quiet, then more than one idea."),
    ),
    "ben": (
        ("wr-ped-02", "Measuring the hallway with footsteps.", "Nobody agreed and I let that stand until Friday.",
         "Let one disagreement last overnight.", "They come in still talking about it."),
        ("wr-ped-01", "A photograph of tiles with a corner missing.", "They asked what was under the rug.",
         "Start with a picture and no question.", "Questions from them before mine."),
    ),
    "devi": (
        ("wr-ped-03", "Three ways to see 18 dots, one of them upside down.", "I asked who could say it in other words.",
         "Ask for the same idea in other words.", "Somebody says a classmate's idea as their own sentence."),
        ("wr-ped-02", "During menu, when the game rules were argued about.", "I moved away.",
         "Walk away once during menu.", "They settle a rule without me."),
    ),
}  # fmt: skip


def _person(handle: str, name: str, role: str) -> Person:
    return Person(
        id=derived(ORGANIZATION, "person", handle), organization=ORGANIZATION, handle=handle, name=name,
        role=role,  # type: ignore[arg-type]  # one of two
        school=SCHOOL.id, zone=ZONE, chat="on", weekday=3, minute=SCHOOL.closes + 20,
    )  # fmt: skip


SAM = _person("sam", "Sam Rivera", "coach")
TEACHERS = tuple(
    _person(handle, name, "teacher")
    for handle, name in (("ana", "Ana Ruiz"), ("ben", "Ben Okafor"), ("devi", "Devi Patel"))
)


async def make(store: Store) -> None:
    """The whole sample school; where it stands already, it is written over with the same."""
    library = Library.load("en")
    await store.create_organization(ORGANIZATION, "Sample school")
    await store.install(ORGANIZATION, "web", TEAM, "Playground")
    began = OPENS - timedelta(weeks=4)
    async with store.begin(ORGANIZATION) as tx:
        await tx.save_school(SCHOOL)
        for person in (SAM, *TEACHERS):
            await tx.keep(person)
            await tx.add_account(person.id, Account(platform="web", team=TEAM, user=person.id))
        for teacher in TEACHERS:
            pair = derived(ORGANIZATION, "pair", teacher.handle)
            await tx.keep(
                Partnership(id=pair, organization=ORGANIZATION, coach=SAM.id, teacher=teacher.id, since=began)
            )
            for record in _history(teacher, library):
                await tx.keep(record)
            at, day = next_checkin(teacher, SCHOOL, OPENS)
            await tx.plan(key=f"{teacher.id}:checkin:", person=teacher.id, topic="checkin", at=at, day=day)
        await tx.set_clock(OPENS)


def _history(teacher: Person, library: Library) -> list[Reflection | NextStep | Asked]:
    """Weeks gone by, ending with the last Thursday; only the last step is open."""
    weeks = _WEEKS[teacher.handle]
    records: list[Reflection | NextStep | Asked] = []
    for n, (stem_id, reply, more, step, how) in enumerate(weeks):
        day = date(2026, 10, 8) - timedelta(weeks=len(weeks) - 1 - n)
        at, thread = instant(day, teacher.minute, ZONE), derived(ORGANIZATION, "week", teacher.handle, day.isoformat())
        stem = library.stem(stem_id)
        for question, words in ((stem.text, reply), (stem.follow_ups[0], more)):
            records.append(
                Reflection(
                    id=derived(thread, question),
                    organization=ORGANIZATION,
                    person=teacher.id,
                    thread=thread,
                    at=at,
                    stem=stem_id,
                    question=question,
                    words=Own(words, teacher.id),
                )
            )
        records.append(
            Asked(
                id=derived(thread, "asked"),
                organization=ORGANIZATION,
                person=teacher.id,
                at=at,
                stem=stem_id,
                focus=stem.focus,
            )
        )
        records.append(
            NextStep(
                id=derived(thread, "step"),
                organization=ORGANIZATION,
                person=teacher.id,
                thread=thread,
                at=at,
                words=Own(step, teacher.id),
                how_we_know=Own(how, teacher.id),
                check_on=day + timedelta(weeks=1),
                status="open" if n == len(weeks) - 1 else "tried",
            )
        )
    return records


def run(settings: Settings) -> int:
    """`beside demo`: put the sample school into the database; it never asks."""

    async def put() -> None:
        from bot.serve import open_store

        store = await open_store(settings)
        try:
            await make(store)
        finally:
            await store.close()

    asyncio.run(put())
    print("The sample school is there: coach Sam, teachers Ana, Ben and Devi. Its contacts are samples.")
    print("`beside serve` shows it.")
    return 0
