"""One lane in our hands: take, send, mark, at the lane's pace and for one slice of time."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.engine import Engine
from bot.events import Due
from bot.handing import Handing
from bot.homes import Draw
from bot.metrics import Metrics
from bot.outbox import errands, fates
from bot.outbox.bell import Bell
from bot.outbox.ledger import LEASE, Gone, Ledger
from bot.outbox.meter import Meter
from bot.outside.links import has_file, linked
from bot.platform import Later, Parcel, Platform, Receipt, Refused, Unsure
from bot.store import AGAIN, Held, Left, Mark, Store, Taken, platform_of, team_of

log = logging.getLogger("beside.outbox")
SLICE = 20.0
ENDS = frozenset({"sent", "late", "dead", "ambiguous"})
# A platform that says nothing for so long is not waited for: the lease must not run out meanwhile.
PATIENCE = LEASE.total_seconds() - 10


class Parts(Struct, frozen=True):
    """What drainers share."""

    store: Store
    engine: Engine
    platforms: Mapping[str, Platform]
    ledger: Ledger
    metrics: Metrics
    now: Callable[[], datetime]
    bell: Bell
    address: str
    hands: Handing
    draw: Draw


class Drainer:
    """A kill at any line loses no parcel: what is not committed is done again, and what may have been sent is known."""

    def __init__(self, parts: Parts, lane: str, held: Held) -> None:
        self._parts = parts
        self._lane = lane
        self._fence = held.fence
        self._platform = parts.platforms.get(platform_of(lane))
        pace = self._platform.pace if self._platform else None
        self._meter = Meter.left(pace, held.gap_ms, held.next_ms) if pace else None
        self._paused_until: datetime | None = None
        self._written: dict[str, float] = {}
        self._until = 0.0
        self.handled = 0

    async def run(self) -> bool:
        """Whether there may be more to do now, after this slice."""
        ends = time.monotonic() + SLICE
        mark: Mark | None = None
        while not self._parts.bell.stopping and time.monotonic() < ends and self._paused_until is None:
            wait = self._meter.wait(self._seconds()) if self._meter else 0.0
            self._until = time.monotonic() + LEASE.total_seconds()
            resting = self._resting()
            taken = await self._parts.ledger.step(
                self._lane, self._fence, mark, only_due=wait > 0, resting=tuple(resting)
            )
            mark = None
            if taken is not None:
                mark = await self._one(taken)
                self.handled += 1
                if mark is not None and taken.topic == "checkin" and mark.state in ENDS:
                    self._parts.metrics.checkins(mark.state)
            elif wait:
                await asyncio.sleep(wait)
            elif resting:
                # Somebody else may be answered meanwhile.
                await self._parts.bell.heard(min(resting.values()))
            else:
                return False
        if mark is not None:
            await self._parts.ledger.settle(mark)
        return True

    def left(self, *, more: bool) -> Left:
        """How the lane is given back: with the pace that it has found, for whoever takes it next."""
        if self._meter is None:
            return Left(more=more, paused_until=self._paused_until)
        gap, following = round(self._meter.gap * 1000), round(self._meter.next * 1000)
        return Left(more=more, paused_until=self._paused_until, gap_ms=gap, next_ms=following)

    def _seconds(self) -> float:
        return self._parts.now().timestamp()

    def _resting(self) -> dict[str, float]:
        """Who was written to a moment ago, and for how many seconds they are left in peace."""
        if self._platform is None or self._platform.pace is None:
            return {}
        now, quiet = time.monotonic(), self._platform.pace.conversation
        self._written = {who: at for who, at in self._written.items() if now < at + quiet}
        return {who: at + quiet - now for who, at in self._written.items()}

    async def _one(self, taken: Taken) -> Mark | None:
        """What became of this row; None where its own transaction has marked it."""
        if taken.kind == "due":
            return await self._due(taken)
        if taken.kind in errands.KINDS:
            return await self._errand(taken)
        if (late := self._too_late(taken)) is not None:
            return late
        if self._platform is None:
            return self._again(taken, "the platform is not connected", unsure=taken.fate == "unsure")
        try:
            card = await self._parts.store.card(taken)
            if card is not None and taken.to is not None and has_file(card):
                async with self._parts.store.begin(taken.organization) as tx:
                    card = await linked(tx, taken.person, taken.to.platform, card, self._parts.address)
        except Exception as fault:
            # One that cannot be opened must not stand in everybody's way.
            log.error("parcel could not be opened: %s", type(fault).__name__)
            return self._again(taken, type(fault).__name__, unsure=taken.fate == "unsure")
        to = taken.to
        if card is None or to is None:
            return Mark(taken=taken, state="dead", reason="nobody to send to")
        platform = self._parts.platforms.get(to.platform)
        if platform is None:
            return self._again(taken, f"{to.platform} is not connected", unsure=taken.fate == "unsure")
        if to.platform != platform_of(self._lane):
            return await self._elsewhere(taken)
        parcel = Parcel(
            key=taken.key, organization=taken.organization, person=taken.person, to=to, card=card,
            revises=taken.revises, since=taken.since,
        )  # fmt: skip
        return await self._send(taken, parcel, platform)

    async def _due(self, taken: Taken) -> Mark | None:
        event = Due(
            key=taken.key, organization=taken.organization, person=taken.person, topic=taken.topic,
            day=taken.day, thread=taken.thread,
        )  # fmt: skip
        try:
            await self._parts.engine.due(event)
        except Exception as fault:
            log.error("due %s failed: %s", taken.topic, type(fault).__name__)
            return self._again(taken, type(fault).__name__)
        return None

    async def _errand(self, taken: Taken) -> Mark | None:
        """Done twice it does no harm, so a doubt is a reason to do it again."""
        try:
            async with asyncio.timeout(PATIENCE):
                done = await errands.run(
                    taken, self._platform, self._parts.platforms, self._parts.hands, self._parts.draw
                )  # fmt: skip
        except Later as later:
            if taken.kind == "home":
                # Homes have a measure of their own: no message waits for one.
                return self._again(taken, later.reason, later.seconds)
            return self._later(taken, later, unsure=False)
        except Exception as fault:
            return self._again(taken, fault.reason if isinstance(fault, Unsure) else type(fault).__name__)
        finally:
            self._spent()
        return done if isinstance(done, Mark) else await self._send(replace(taken, fate="fresh"), *done)

    async def _send(self, taken: Taken, parcel: Parcel, platform: Platform) -> Mark | None:
        """An ambiguous send is looked up before it is repeated."""
        unsure = taken.fate == "unsure"
        if unsure and not platform.looks_up:
            if taken.topic in fates.NUDGES or taken.again:
                self._count("ambiguous")
                return Mark(taken=taken, state="ambiguous", reason="nobody knows whether it arrived")
            # Noted before it is written a second time: a kill in between must not lead to a third.
            await self._parts.ledger.settle(Mark(taken=taken, state="sending", reason=AGAIN))
            taken = replace(taken, again=True)
        begun = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                receipt = await platform.find(parcel) if unsure and platform.looks_up else None
                unsure = unsure and not platform.looks_up
                if receipt is None:
                    if (late := self._too_late(replace(taken, fate="fresh"))) is not None:
                        return late
                    receipt = await self._deliver(parcel, platform)
        except Later as later:
            return self._later(taken, later, unsure=unsure)
        except Refused as refused:
            return await self._refused(taken, parcel, refused)
        except Gone:
            raise
        except Exception as fault:
            reason = fault.reason if isinstance(fault, Unsure) else type(fault).__name__
            log.log(logging.INFO if isinstance(fault, Unsure) else logging.ERROR, "delivery is in doubt: %s", reason)
            return self._doubt(taken, reason, platform)
        self._parts.metrics.sent(platform.name, time.monotonic() - begun)
        return Mark(taken=taken, state="sent", receipt=receipt)

    def _too_late(self, taken: Taken) -> Mark | None:
        late = fates.too_late(taken, self._parts.now())
        if late is not None:
            self._count("late")
            _say_so(taken)
        return late

    async def _deliver(self, parcel: Parcel, platform: Platform) -> Receipt:
        """The last look before the world is told: who was stopped for longer than the lease has lost the lane."""
        if time.monotonic() >= self._until:
            raise Gone
        try:
            return await platform.deliver(parcel)
        finally:
            self._spent()
            if self._meter is not None:
                self._written[parcel.person] = time.monotonic()

    def _spent(self) -> None:
        """One request of those that the platform takes in its time."""
        if self._meter is not None and self._platform is not None and self._platform.pace is not None:
            self._meter = self._meter.sent(self._seconds(), self._platform.pace)

    def _later(self, taken: Taken, later: Later, *, unsure: bool) -> Mark:
        """A platform that says for how long is obeyed by the whole lane."""
        if later.seconds is not None:
            self._parts.metrics.limited(platform_of(self._lane))
            self._paused_until = self._parts.now() + timedelta(seconds=later.seconds)
            if self._meter is not None and self._platform is not None and self._platform.pace is not None:
                self._meter = self._meter.refused(self._platform.pace)
        return self._again(taken, later.reason, later.seconds, unsure=unsure)

    def _doubt(self, taken: Taken, reason: str, platform: Platform) -> Mark:
        if platform.looks_up:
            return self._again(taken, reason, unsure=True)
        mark = fates.in_the_dark(taken, reason, self._parts.now(), _chance())
        self._count("retried" if mark.state == "ready" else mark.state)
        return mark

    def _again(self, taken: Taken, reason: str, seconds: float | None = None, *, unsure: bool = False) -> Mark:
        mark = fates.again(taken, reason, self._parts.now(), _chance(), seconds, unsure=unsure)
        if mark.state == "late":
            _say_so(taken)
        self._count({"ready": "retried", "sending": "unsure"}.get(mark.state, mark.state))
        return mark

    async def _refused(self, taken: Taken, parcel: Parcel, refused: Refused) -> Mark | None:
        """Somebody who cannot be written to there is not written to again until they are heard from.

        Their words go to where else they are; and what can't be replaced is said in a new message.
        """
        log.warning("refused by %s: %s", parcel.to.platform, refused.reason)
        self._count("refused")
        anew = parcel.revises is not None and not refused.gone and not refused.shut
        elsewhere = False
        # One commit: a kill leaves no parcel behind on a way that leads nowhere.
        async with self._parts.store.begin(taken.organization) as tx:
            if refused.gone or refused.shut:
                elsewhere = any(one.platform != parcel.to.platform for one in await tx.accounts(parcel.person))
            if anew or elsewhere:
                await tx.hand_back(taken, refused.reason, self._parts.now(), anew=anew)
            if refused.gone:
                await tx.mark_account(parcel.person, parcel.to.platform, refused.reason)
            if refused.shut:
                team = team_of(self._lane)
                await tx.shut_out(parcel.to.platform, team, refused.reason, self._parts.now(), told=False)
        return None if anew or elsewhere else Mark(taken=taken, state="dead", reason=refused.reason)

    async def _elsewhere(self, taken: Taken) -> Mark | None:
        """They cannot be reached where this lane leads. It is said, and then stands, in the lane of where they are.

        What may have arrived here can't be looked up any more.
        """
        unsure = taken.fate == "unsure"
        if unsure and (taken.topic in fates.NUDGES or taken.again):
            self._count("ambiguous")
            return Mark(taken=taken, state="ambiguous", reason="nobody knows whether it arrived")
        async with self._parts.store.begin(taken.organization) as tx:
            await tx.hand_back(taken, AGAIN if unsure else "moved", self._parts.now())
            await tx.leave_lane(taken.person, platform_of(self._lane))
        return None

    def _count(self, outcome: str) -> None:
        self._parts.metrics.delivery(platform_of(self._lane), outcome)


def _say_so(taken: Taken) -> None:
    log.warning("%s was not sent: its time is over", taken.topic or taken.kind)


def _chance() -> float:
    return random.random()  # noqa: S311 - spread, not secrecy
