"""Links to a slot's calendar file. None is kept: each is made when a card goes out, for the one who reads it."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from bot.cards import Answer, Button, Buttons, Card, Form, OnlyYou, Replace
from bot.events import Account

if TYPE_CHECKING:
    from bot.store import Store, Tx

FILE: Final = "calendar_file"
_SHAPE: Final = re.compile(r"([A-Za-z0-9_-]{4,400})\.([A-Za-z0-9_-]{43})")
_GAP: Final = "\x1f"
Shown = TypeVar("Shown", Card, Card | Form)


OWN_PAGE: Final = "/"


class Ways(Struct, frozen=True):
    """What leads out of this house: the address people reach it at, and whether it can send e-mail.

    The playground's page is its own address (`OWN_PAGE`), which no other platform can follow.
    """

    address: str = ""
    mail: bool = False


async def linked(tx: Tx, person: str, platform: str, shown: Shown, address: str) -> Shown:
    """The card with its calendar buttons made links, where there is an address that the platform can follow."""
    slots = [] if isinstance(shown, Form) else _slots(shown)
    if not slots or isinstance(shown, Form) or not address or (address == OWN_PAGE and platform != "web"):
        return shown
    base = address.rstrip("/")
    urls = {slot: f"{base}/calendar/file/{await _token(tx, person, slot)}.ics" for slot in slots}
    blocks = tuple(
        Buttons(tuple(replace(one, url=urls[one.value]) if _is_file(one) else one for one in block.row))
        if isinstance(block, Buttons)
        else block
        for block in shown.blocks
    )
    return replace(shown, blocks=blocks)


async def linked_answer(tx: Tx, by: Account, answer: Answer, address: str) -> Answer:
    if not isinstance(answer, OnlyYou | Replace) or not _slots(answer.card):
        return answer
    me = await tx.person_of(by)
    return answer if me is None else replace(answer, card=await linked(tx, me.id, by.platform, answer.card, address))


async def meant(store: Store, token: str) -> tuple[str, str, str] | None:
    """(organization, person, slot) of a link that we have made, and that still holds."""
    shape = _SHAPE.fullmatch(token)
    if shape is None:
        return None
    try:
        text = urlsafe_b64decode(shape[1] + "=" * (-len(shape[1]) % 4)).decode()
        organization, person, slot = text.split(_GAP)
    except ValueError:
        return None
    if organization not in await store.organizations():
        return None
    async with store.begin(organization) as tx:
        seal = await tx.file_seal(person, slot)
    return (organization, person, slot) if hmac.compare_digest(seal, shape[2]) else None


def has_file(shown: Card | Form) -> bool:
    return isinstance(shown, Card) and bool(_slots(shown))


def _is_file(button: Button) -> bool:
    return button.verb == FILE and bool(button.value)


def _slots(card: Card) -> list[str]:
    return [one.value for block in card.blocks if isinstance(block, Buttons) for one in block.row if _is_file(one)]


async def _token(tx: Tx, person: str, slot: str) -> str:
    text = urlsafe_b64encode(_GAP.join((tx.organization, person, slot)).encode()).decode().rstrip("=")
    return f"{text}.{await tx.file_seal(person, slot)}"
