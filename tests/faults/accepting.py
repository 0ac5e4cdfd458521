"""Twenty invitations for one coach's morning, and their teachers' yes: `python -m tests.faults.accepting URL KEY PART`.

As a program it opens the database by itself, waits for a line on its input, and says yes to every second of them.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime

from bot.cards import Replace, plain
from bot.engine import Engine
from bot.events import Account, Commanded, Pressed
from bot.flow import derived
from bot.records import Person, Role, School
from bot.store import Store
from bot.vault import Keyring

NOW = datetime(2026, 10, 13, 13, tzinfo=UTC)
MANY = 20
KEY = "BESIDE_RACE_KEY"


def person(handle: str, role: Role) -> Person:
    return Person(
        id=handle, organization="a", handle=handle, name=f"{handle.title()} Ruiz", role=role, school="s",
        zone="America/New_York", chat="on",
    )  # fmt: skip


def account(handle: str) -> Account:
    return Account(platform="web", team="T", user=handle)


async def invite_all(store: Store, many: int = MANY) -> None:
    """Each is for a quarter of an hour that overlaps all the others, and none is answered."""
    await store.create_organization("a", "A")
    await store.install("a", "web", "T")
    engine = Engine(store, lambda: NOW)
    async with store.begin("a") as tx:
        await tx.save_school(School(id="s", organization="a", name="Lincoln", zone="America/New_York"))
        for who in (person("sam", "coach"), *(person(f"t{n}", "teacher") for n in range(many))):
            await tx.keep(who)
            await tx.add_account(who.id, account(who.handle))
    for n in range(many):
        key = f"web:offer-{n}"
        await engine.handle(Commanded(key=key, by=account("sam"), command="coteach", text=f"@t{n} thu 10:{n:02} 45m"))
        sent = Pressed(key=f"web:send-{n}", by=account("sam"), thread=derived(key), version=1, verb="send")
        answer = await engine.handle(sent)
        assert isinstance(answer, Replace), answer
        assert "Sent to" in plain(answer.card), plain(answer.card)


async def accept(store: Store, numbers: range) -> list[bool]:
    """All of these say yes at once; who has it."""
    engine = Engine(store, lambda: NOW)

    async def one(n: int) -> bool:
        yes = Pressed(
            key=f"web:yes-{n}", by=account(f"t{n}"), thread=derived(f"web:offer-{n}"), version=2, verb="works"
        )
        answer = await engine.handle(yes)
        assert isinstance(answer, Replace), answer
        shown = plain(answer.card)
        assert shown.startswith("Booked") or "just been taken" in shown, shown
        return shown.startswith("Booked")

    return list(await asyncio.gather(*map(one, numbers)))


async def _main(url: str, part: int) -> None:
    store = await Store.open(url, Keyring.read(os.environ[KEY], KEY), migrate=False)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    sys.stdout.write(f"{sum(await accept(store, range(part, MANY, 2)))}\n")
    await store.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2])))
