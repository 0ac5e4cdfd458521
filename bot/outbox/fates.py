"""What becomes of a parcel after a try: marks, decided from what is known and from nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store import Mark, Taken

TRIES = 6
FIRST, LONGEST = 5.0, 900.0
# Questions that nobody waits for: a missed one costs less than one that comes twice.
NUDGES = frozenset({"checkin", "reminder", "snooze"})


def too_late(taken: Taken, now: datetime) -> Mark | None:
    """Its moment has passed. What may have arrived is looked up all the same."""
    if taken.expires_at is None or now <= taken.expires_at or taken.fate == "unsure":
        return None
    return Mark(taken=taken, state="late", reason="too late")


def again(
    taken: Taken, reason: str, now: datetime, chance: float, seconds: float | None = None, *, unsure: bool = False
) -> Mark:
    """Backoff with full jitter (`chance` is from 0 to 1), or exactly what the platform asked for.

    After the last try, or where the next would be too late, it rests in sight. What may have been taken stays unsure,
    until a look-up has said that it was not; and rests as that.
    """
    if seconds is None:
        if taken.attempts >= TRIES:
            return Mark(taken=taken, state="ambiguous" if unsure else "dead", reason=reason)
        seconds = max(0.5, chance * min(LONGEST, FIRST * 2 ** (taken.attempts - 1)))
    at = now + timedelta(seconds=seconds)
    if unsure:
        return Mark(taken=taken, state="sending", reason=reason, at=at)
    if taken.expires_at is not None and at > taken.expires_at:
        return Mark(taken=taken, state="late", reason=reason)
    return Mark(taken=taken, state="ready", reason=reason, at=at)


def in_the_dark(taken: Taken, reason: str, now: datetime, chance: float) -> Mark:
    """It may have been taken, and the platform cannot say: a nudge rests, anything else is sent once more."""
    if taken.topic in NUDGES or taken.again:
        return Mark(taken=taken, state="ambiguous", reason=reason)
    return again(taken, reason, now, chance, unsure=True)
