"""What a lane brings besides messages: everything that is somebody's own, and a message of ours taken back."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from msgspec.structs import replace

from bot.handing import Handing
from bot.platform import Later, Parcel, Platform, Refused
from bot.store import Mark, Taken, team_of

log = logging.getLogger("beside.outbox")
KINDS = ("export", "unsay")


async def run(
    taken: Taken, here: Platform | None, platforms: Mapping[str, Platform], hands: Handing
) -> Mark | tuple[Parcel, Platform]:
    """What is taken back is taken back where it stands; what is handed over goes to where the person is."""
    if taken.kind == "unsay":
        return await _unsay(taken, here)
    return await _export(taken, platforms.get(taken.to.platform) if taken.to else None, hands)


async def _export(taken: Taken, platform: Platform | None, hands: Handing) -> Mark | tuple[Parcel, Platform]:
    """Handed over as files; or else the parcel with a link to them, which is still to be sent."""
    if taken.to is None or platform is None:
        raise Later("nobody to hand it to")
    organization, person = taken.organization, taken.person
    parcel = Parcel(
        key=taken.key, organization=organization, person=person, to=taken.to, since=taken.since,
        card=await hands.caption(organization, person),
    )  # fmt: skip
    try:
        receipt = await platform.hand(parcel, await hands.files(organization, person))
    except Refused as refused:
        log.info("no files on %s: %s", platform.name, refused.reason)
        return replace(parcel, card=await hands.link(organization, person, platform.name)), platform
    return Mark(taken=taken, state="sent", receipt=receipt)


async def _unsay(taken: Taken, platform: Platform | None) -> Mark:
    if platform is None or taken.revises is None:
        raise Later("the platform is not connected")
    try:
        await platform.unsay(replace(taken.revises, team=team_of(taken.lane)))
    except Refused as refused:
        # It stands where we may not reach it; nothing more can be done about it here.
        log.warning("not taken back by %s: %s", platform.name, refused.reason)
    return Mark(taken=taken, state="sent", receipt=taken.revises)
