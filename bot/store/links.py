"""Codes that join two chats of one person: kept as keyed hashes, used once, guessed at rarely."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, select, update

from bot.events import Account
from bot.linking import ALPHABET, LENGTH, LIVES, TRIES_COUNT, WRONG_TRIES, Linking, read
from bot.store import tables as t
from bot.store.accounts import Accounts, account_from
from bot.store.conflict import Conflict
from bot.store.work import seconds


class Links(Accounts):
    async def accounts(self, person: str) -> tuple[Account, ...]:
        """Every chat in which this person can be written to."""
        a = t.account.c
        rows = await self._rows(self._accounts(person).where(a.gone == "", a.user_id != "").order_by(a.platform))
        return tuple(map(account_from, rows))

    async def holder(self, account: Account) -> str:
        """Whose this account is, by its id alone; nobody else takes it before the commit."""
        await self._alone()
        person = await self.person_of(msgspec.structs.replace(account, email=""))
        return "" if person is None else person.id

    async def join(self, person: str, account: Account) -> None:
        """From now on this account is that person's; it was heard from, so it can be written to."""
        if await self.holder(account) not in ("", person):
            raise Conflict("somebody else has this account")
        await self.add_account(person, account)
        a = t.account.c
        here = (a.organization_id == self.organization, a.person_id == person, a.platform == account.platform)
        await self._run(update(t.account).where(*here).values(gone="", channel=account.channel))
        await self._moved_in(person)

    async def let_go(self, person: str, platform: str) -> None:
        """What was on its way there goes to another of their chats. The last one stays."""
        await self._alone()
        if not {account.platform for account in await self.accounts(person)} - {platform}:
            raise Conflict("nobody would know this person any more")
        await self.leave_lane(person, platform)
        a = t.account.c
        here = (a.organization_id == self.organization, a.person_id == person, a.platform == platform)
        await self._run(delete(t.account).where(*here))

    async def draw_code(self, by: Account, person: str, at: datetime) -> str:
        """A new code for this chat, which ends the one before. `person` is empty where nobody knows the chat."""
        code = ""
        while not any(map(str.isdigit, code)):
            code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        row = f"code:{await self._of_account(by)}"
        await self._tidy(at)
        sealed = (await self._own_key()).seal(msgspec.json.encode(by).decode(), self._about("link", "account", row))
        values = self._values(row, person, at + LIVES) | {"code": await self._of_code(code), "account": sealed}
        await self._upsert(t.link, values, "organization_id", "id")
        return code

    async def guess(self, by: Account, person: str, code: str, at: datetime) -> Linking:
        """A found code is spent. One of the two chats must be known and the other not.

        The try is counted before the code is looked at, so that tries made at once are counted too.
        """
        await self._tidy(at)
        counted = await self._count_try(by, person, at)
        if counted is None:
            return Linking("often")
        c = t.link.c
        hashed = await self._of_code(read(code))
        mine = (c.organization_id == self.organization, c.code == hashed)
        row = await self._row(select(t.link).where(*mine, c.expires_at > seconds(at)))
        if row is None or not (row.person_id or person):
            return Linking("unknown")
        if row.person_id and person and row.person_id != person:
            return Linking("two")
        await self._run(delete(t.link).where(c.organization_id == self.organization, c.id == counted))
        if row.person_id == person:
            return Linking("same")
        if await self._run(delete(t.link).where(*mine)) != 1:
            raise Conflict("this code was used by another event first")
        opened = (await self._own_key()).unseal(row.account, self._about("link", "account", row.id))
        return Linking("found", account=msgspec.json.decode(opened, type=Account), person=row.person_id)

    async def _count_try(self, by: Account, person: str, at: datetime) -> str | None:
        """A row for each wrong try of the last hour, and no more rows than tries that are allowed."""
        c, who = t.link.c, await self._of_account(by)
        ids = [f"try:{who}:{n}" for n in range(WRONG_TRIES)]
        rows = await self._rows(select(c.id).where(c.organization_id == self.organization, c.id.in_(ids)))
        free = sorted(set(ids) - {row.id for row in rows})
        if not free:
            return None
        if not await self._insert_new(t.link, self._values(free[0], person, at + TRIES_COUNT)):
            raise Conflict("another try was counted first")
        return free[0]

    def _values(self, id: str, person: str, until: datetime) -> dict[str, Any]:
        return {
            "organization_id": self.organization,
            "id": id,
            "person_id": person,
            "code": "",
            "account": None,
            "expires_at": seconds(until),
        }

    async def _tidy(self, at: datetime) -> None:
        """What has had its time is not kept."""
        c = t.link.c
        await self._run(delete(t.link).where(c.organization_id == self.organization, c.expires_at <= seconds(at)))

    async def _alone(self) -> None:
        """Two who join or let go at once do it one after the other; SQLite's writer is alone anyway."""
        if not self._sqlite:
            whole = t.organization.c
            await self._rows(select(whole.id).where(whole.id == self.organization).with_for_update())

    async def _of_code(self, code: str) -> str:
        return await self._looked_up(f"link code {code}")

    async def _of_account(self, by: Account) -> str:
        return await self._looked_up(f"link account {by.platform} {by.team} {by.user}")
