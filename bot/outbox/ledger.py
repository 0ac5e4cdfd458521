"""Where drainers write: what many lanes ask for at the same time is one transaction, and so one commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from bot.store import ClockTx, Conflict, Held, Left, Mark, Store, Taken

LEASE = timedelta(seconds=30)
TOGETHER = 256
RACES = 5


class Gone(Exception):
    """Another drainer has this lane by now: nothing more may be sent."""


class _Wish(Struct):
    lane: str
    answer: asyncio.Future[Any]
    mark: Mark | None = None
    lease: bool = False
    fence: int | None = None
    only_due: bool = False
    resting: tuple[str, ...] = ()
    left: Left | UnsetType = UNSET


class Ledger:
    """Each call returns after the commit. While one is being written the next wishes gather; none waits for company."""

    def __init__(self, store: Store, owner: str, now: Callable[[], datetime]) -> None:
        self._store = store
        self._owner = owner
        self._now = now
        self._wishes: list[_Wish] = []
        self._writing: asyncio.Task[None] | None = None

    async def lease(self, lane: str) -> Held | None:
        """None while another holds it."""
        held: Held | None = await self._ask(lane, lease=True)
        return held

    async def step(
        self, lane: str, fence: int, mark: Mark | None, *, only_due: bool = False, resting: tuple[str, ...] = ()
    ) -> Taken | None:
        """Mark the previous row, check the fence, take the next: one transaction. `Gone` where the fence is."""
        taken: Taken | None = await self._ask(lane, mark=mark, fence=fence, only_due=only_due, resting=resting)
        return taken

    async def settle(self, mark: Mark) -> None:
        await self._ask(mark.taken.lane, mark=mark)

    async def release(self, lane: str, left: Left) -> None:
        await self._ask(lane, left=left)

    async def idle(self) -> None:
        """What was begun is written, also where nobody waits for it any more."""
        if self._writing is not None:
            await asyncio.wait([self._writing])

    async def _ask(self, lane: str, **what: Any) -> Any:  # noqa: ANN401 - the answer to whatever was wished for
        wish = _Wish(lane, asyncio.get_running_loop().create_future(), **what)
        self._wishes.append(wish)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="ledger")
        return await wish.answer

    async def _write(self) -> None:
        while self._wishes:
            page, self._wishes = self._wishes[:TOGETHER], self._wishes[TOGETHER:]
            try:
                answers = await self._committed(page)
            except Exception as fault:
                answers = [fault] * len(page)
            for wish, answer in zip(page, answers, strict=True):
                if wish.answer.done():
                    continue
                if isinstance(answer, BaseException):
                    wish.answer.set_exception(answer)
                else:
                    wish.answer.set_result(answer)

    async def _committed(self, page: Sequence[_Wish]) -> list[Any]:
        for race in range(RACES):
            try:
                async with self._store.clock() as clock:
                    return await self._answers(clock, page)
            except Conflict:
                await asyncio.sleep(0.01 * 2**race)
        async with self._store.clock() as clock:
            return await self._answers(clock, page)

    async def _answers(self, clock: ClockTx, page: Sequence[_Wish]) -> list[Any]:
        now = self._now()
        until = now + LEASE
        if marks := [wish.mark for wish in page if wish.mark is not None]:
            await clock.mark(marks, now)
        if left := {wish.lane: wish.left for wish in page if wish.left is not UNSET}:
            await clock.release(left, self._owner, now)
        wanted = [wish.lane for wish in page if wish.lease]
        leased = await clock.lease(wanted, self._owner, until, now) if wanted else {}
        taken: dict[str, Taken | None] = {}
        resting = {person for wish in page for person in wish.resting}
        for only_due in (False, True):
            held = {wish.lane: wish.fence for wish in page if wish.fence is not None and wish.only_due is only_due}
            if held:
                taken |= await clock.take(held, self._owner, now, until, only_due=only_due, resting=resting)
        return [_answer(wish, leased, taken) for wish in page]


def _answer(wish: _Wish, leased: dict[str, Held], taken: dict[str, Taken | None]) -> Any:  # noqa: ANN401 - as above
    if wish.lease:
        return leased.get(wish.lane)
    if wish.fence is not None:
        return taken[wish.lane] if wish.lane in taken else Gone()
    return None
