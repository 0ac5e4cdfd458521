"""The playground as a platform: what was committed is kept as a remark and shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace

from adapters.web.pane import not_older
from adapters.web.stream import Streams
from bot.cards import in_words
from bot.platform import File, House, Later, Parcel, Receipt, Refused, Remark

_PATIENCE = 2.0


class WebPlatform:
    """Deliveries wait while their person is being answered, so that an answer stands below the words it answers."""

    name = "web"
    pace = None
    looks_up = True

    def __init__(self, house: House, streams: Streams) -> None:
        self._house = house
        self._streams = streams
        self._busy: dict[str, asyncio.Lock] = {}

    async def deliver(self, parcel: Parcel) -> Receipt:
        """Keep the message, or replace the one it revises where it stands."""
        try:
            faces = await self._house.faces()
            key = ""
            if any(face.id == parcel.person for face in faces):
                async with self.turn(parcel.person, patience=_PATIENCE):
                    key = await self._keep(parcel)
        except Exception as fault:
            # Writing under the same key again changes nothing, so trying again is always safe.
            raise Later(type(fault).__name__) from fault
        if not key:
            raise Refused("user_not_found", gone=True)
        return Receipt(channel=parcel.person, id=key)

    async def find(self, parcel: Parcel) -> Receipt | None:
        """The message with this key, or the revised one if it already says what this one says."""
        key = parcel.revises.id if parcel.revises else parcel.key
        found = await self._look_up(parcel.person, key)
        if found is None or (parcel.revises and found.card != in_words(parcel.card)):
            return None
        return Receipt(channel=parcel.person, id=key)

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        """What was said to somebody who was forgotten went with them; open pages look again."""
        await self._streams.look_again()

    async def close(self) -> None:
        self._streams.close()

    @asynccontextmanager
    async def turn(self, person: str, patience: float | None = None) -> AsyncIterator[None]:
        """One at a time for each person. With `patience` it goes on anyway after so many seconds."""
        lock = self._busy.setdefault(person, asyncio.Lock())
        held = False
        try:
            async with asyncio.timeout(patience):
                held = await lock.acquire()
        except TimeoutError:
            pass
        try:
            yield
        finally:
            if held:
                lock.release()

    async def _keep(self, parcel: Parcel) -> str:
        key = parcel.revises.id if parcel.revises else parcel.key
        before = await self._look_up(parcel.person, key)
        if before is None:
            remark = Remark(
                key=key, person=parcel.person, at=self._house.now(), kind="card", card=in_words(parcel.card)
            )
            await self._streams.write(remark)
        elif parcel.revises and before.card and not_older(in_words(parcel.card), before.card):
            await self._streams.write(replace(before, card=in_words(parcel.card)))
        return key

    async def _look_up(self, person: str, key: str) -> Remark | None:
        return next((remark for remark in await self._house.remarks(person) if remark.key == key), None)
