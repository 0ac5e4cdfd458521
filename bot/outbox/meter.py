"""How fast a lane may go: additive increase while all is well, half as fast after a 429."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from bot.platform import Pace

STEP = 0.2


class Meter(Struct, frozen=True):
    """`gap` seconds between two messages, and the moment (seconds since the epoch) of the next one."""

    gap: float
    next: float = 0.0

    @classmethod
    def left(cls, pace: Pace, gap_ms: int, next_ms: int) -> Meter:
        """As the last drainer left it, within what the platform says today."""
        gap = gap_ms / 1000 or 1 / pace.start
        return cls(max(gap, 1 / pace.most), next_ms / 1000)

    def wait(self, now: float) -> float:
        """Seconds until the next message may go. A clock that was set back cannot stop a lane for long."""
        return min(max(self.next - now, 0.0), self.gap)

    def sent(self, now: float, pace: Pace) -> Meter:
        rate = 1 / self.gap
        return Meter(1 / min(rate + STEP * self.gap, pace.most), now + self.gap)

    def refused(self, pace: Pace) -> Meter:
        """It was too much: half as fast from now on, though never slower than half of how it starts."""
        return replace(self, gap=min(self.gap * 2, 2 / pace.start))
