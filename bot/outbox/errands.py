"""What a lane brings besides messages: all that is somebody's own, a message taken back, a home drawn again."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from msgspec.structs import replace

from bot.handing import Handing
from bot.homes import Draw
from bot.platform import Homely, Later, Parcel, Platform, Receipt, Refused
from bot.store import Mark, Taken, team_of

log = logging.getLogger("beside.outbox")
KINDS = ("export", "unsay", "home")


async def run(
    taken: Taken, here: Platform | None, platforms: Mapping[str, Platform], hands: Handing, draw: Draw
) -> Mark | tuple[Parcel, Platform]:
    """What is taken back is taken back where it stands; what is handed over goes to where the person is."""
    if taken.kind == "unsay":
        return await _unsay(taken, here)
    if taken.kind == "home":
        return await _home(taken, here, draw)
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


async def _home(taken: Taken, platform: Platform | None, draw: Draw) -> Mark:
    """Drawn as late as can be, so that the newest is what stands there. Where there is no home, nothing is missed."""
    if platform is None or taken.to is None:
        raise Later("the platform is not connected")
    there = Receipt("home", taken.person)
    card = await draw(taken.organization, taken.person, platform.name)
    if card is None or not isinstance(platform, Homely) or taken.to.platform != platform.name:
        return Mark(taken=taken, state="sent", receipt=there)
    try:
        await platform.draw(taken.to, card)
    except Refused as refused:
        log.warning("no home drawn on %s: %s", platform.name, refused.reason)
    return Mark(taken=taken, state="sent", receipt=there)
