"""Streams: what is written reaches every open page, in order, none twice, none lost."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec
from msgspec import Struct

from bot.platform import Face, House, Remark

_SLOW = 1000


class Sent(Struct, frozen=True):
    """One server-sent event; `id` is where a page that lost its line takes it up again."""

    event: str
    data: object
    id: str = ""

    def wire(self) -> bytes:
        head = f"event: {self.event}\n" + (f"id: {self.id}\n" if self.id else "")
        return head.encode() + b"data: " + msgspec.json.encode(self.data) + b"\n\n"


class Written(Struct, frozen=True):
    remark: Remark
    id: str


class Line:
    """One open page's queue. A page too slow to read is cut off and comes back by itself."""

    def __init__(self, people: frozenset[str]) -> None:
        self.people = people
        self.queue: asyncio.Queue[Written | Sent | None] = asyncio.Queue(_SLOW)

    def put(self, item: Written | Sent | None) -> None:
        try:
            self.queue.put_nowait(item)
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)


def all_of(people: Sequence[str], written: Sequence[Written]) -> Sent:
    """The keys of everything that each of these people has now."""
    keys: dict[str, list[str]] = {person: [] for person in people}
    for one in written:
        keys[one.remark.person].append(one.remark.key)
    return Sent("keys", keys)


class Missed(Struct, frozen=True):
    """What a page has not seen: `whole` when it must compare everything it shows."""

    whole: bool
    written: tuple[Written, ...]
    now: str


class Streams:
    """The open pages, and the number of the latest change. An epoch ends with a reset or a restart."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lines: set[Line] = set()
        self._writing = asyncio.Lock()
        self._changed: dict[str, int] = {}
        self._epoch = secrets.token_hex(4)
        self._count = 0
        self.closed = False

    @property
    def cursor(self) -> str:
        return f"{self._epoch}.{self._count}"

    async def write(self, remark: Remark) -> Remark:
        """Keep it, then tell every page that shows its person."""
        async with self._writing:
            kept = await self._house.remark(remark)
            self._count += 1
            self._changed[kept.key] = self._count
            for line in self._lines:
                if kept.person in line.people:
                    line.put(Written(kept, self.cursor))
        return kept

    async def look_again(self) -> None:
        """Every open page compares all it shows: what is no longer kept goes, and what changed is shown as it is."""
        async with self._writing:
            for line in self._lines:
                people = sorted(line.people)
                written = [Written(r, "") for person in people for r in await self._house.remarks(person)]
                line.put(all_of(people, written))
                for one in written:
                    line.put(one)

    def tell(self, sent: Sent) -> None:
        for line in self._lines:
            line.put(sent)

    def begin_again(self) -> None:
        """After a reset: nothing of before can be taken up again."""
        self._epoch, self._count = secrets.token_hex(4), 0
        self._changed.clear()
        self.tell(Sent("reset", {}))

    def close(self) -> None:
        self.closed = True
        for line in self._lines:
            line.put(None)

    @asynccontextmanager
    async def open(self, faces: Sequence[Face], after: str) -> AsyncIterator[tuple[Line, Missed]]:
        """A line from here on, and what was missed up to here."""
        line = Line(frozenset(face.id for face in faces))
        async with self._writing:
            log = [remark for face in faces for remark in await self._house.remarks(face.id)]
            missed = self._missed(log, after)
            self._lines.add(line)
            if self.closed:
                line.put(None)
        try:
            yield line, missed
        finally:
            self._lines.discard(line)

    def _missed(self, log: Sequence[Remark], after: str) -> Missed:
        if after.isdecimal():
            # A plain number is the order of the last remark somebody has seen.
            since = tuple(Written(remark, "") for remark in log if remark.order > int(after))
            return Missed(False, since, self.cursor)
        epoch, _, count = after.partition(".")
        if epoch != self._epoch or not count.isdecimal():
            return Missed(True, tuple(Written(remark, "") for remark in log), self.cursor)
        seen = int(count)
        later = sorted((n, remark.key, remark) for remark in log if (n := self._changed.get(remark.key, 0)) > seen)
        return Missed(False, tuple(Written(remark, f"{epoch}.{n}") for n, _, remark in later), self.cursor)
