"""A calendar of somebody else's, read in a process of its own: it may be killed at any moment, and costs nothing then.

`python -m bot.outside.expanding ZONE SECONDS` says "ready", takes a calendar on its input and answers one line of JSON.
"""

from __future__ import annotations

import asyncio
import math
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import msgspec

from bot.calendars.taken import Taken, Unreadable, taken

# Of its own time, so that a busy machine refuses no calendar; and on the clock, whatever it waits for.
SECONDS: Final = 2
PATIENCE: Final = 10.0
# Before the limit counts, Python and two libraries have to be loaded.
_LOADING: Final = 30.0
_MEMORY: Final = 512 * 1024 * 1024
_ANSWER: Final = 1024 * 1024
_READY = b"ready\n"


class TooLong(Exception):
    """It was not read within the limit."""


async def expanded(data: bytes, zone: str, now: datetime, patience: float = PATIENCE) -> Taken:
    """What the calendar takes; `TooLong` or `Unreadable` where it cannot be had."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.outside.expanding", zone, str(int(now.timestamp())),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        limit=_ANSWER,
    )  # fmt: skip
    assert child.stdin is not None  # noqa: S101 - said for the type checker
    assert child.stdout is not None  # noqa: S101 - said for the type checker
    try:
        async with asyncio.timeout(_LOADING):
            ready = await child.stdout.readline()
        async with asyncio.timeout(patience):
            if ready == _READY:
                child.stdin.write(data)
                with suppress(ConnectionError):
                    await child.stdin.drain()
            child.stdin.close()
            answer = await child.stdout.read()
            await child.wait()
    except TimeoutError:
        raise TooLong from None
    finally:
        # Only one that still runs: to kill one that has just ended would take its exit code from the loop.
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode is None or child.returncode < 0:
        # Ended from outside: by the limit of its own time, or of its memory.
        raise TooLong
    try:
        return msgspec.json.decode(answer, type=Taken)
    except msgspec.DecodeError:
        word = answer.decode("ascii", "replace").strip()
        raise Unreadable(word if word in ("too_large", "too_many") else "no_calendar") from None


def _limited() -> None:
    """Whoever is orphaned ends by itself, and none takes the machine's memory."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    time = math.ceil(used.ru_utime + used.ru_stime) + SECONDS
    for kind, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, time), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (most, most))


def main(zone: str, seconds: str) -> None:
    import icalendar  # noqa: F401 - loaded before the limit counts
    import recurring_ical_events  # noqa: F401 - the same

    _limited()
    sys.stdout.buffer.write(_READY)
    sys.stdout.flush()
    data = sys.stdin.buffer.read()
    try:
        found = taken(data, zone, datetime.fromtimestamp(int(seconds), UTC))
        answer = msgspec.json.encode(found)
    except Unreadable as fault:
        answer = str(fault).encode()
    except Exception:  # noqa: BLE001 - whatever it is, it is not a calendar for us
        answer = b"no_calendar"
    sys.stdout.buffer.write(answer)
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])
