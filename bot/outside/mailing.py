"""Invitations by e-mail (RFC 6047): one more lane of the outbox, for those who have said where to.

A parcel names a slot and which of its changes it was made for; what is sent is the slot as it is by then.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from bot.calendars.files import file_of
from bot.cards import Button, Buttons, Card
from bot.flow import Facts
from bot.outside.feeds import told_of
from bot.outside.links import FILE
from bot.platform import File, Later, Parcel, Receipt, Refused, Unsure
from bot.records import Person, Slot
from bot.spoken import stretch
from bot.store.lanes import MAIL
from bot.words import Lines

if TYPE_CHECKING:
    import aiosmtplib

    from bot.clock import Now
    from bot.settings import Settings
    from bot.store import Store, Tx

_PATIENCE: Final = 20.0
_KEY: Final = re.compile(r"mail:(\d+):")


def cares(before: object, slot: Slot) -> bool:
    """Whether calendars have to hear of it: it is booked or moved, or what was booked is off."""
    was = isinstance(before, Slot) and before.status == "confirmed"
    if slot.status == "confirmed":
        return not (was and isinstance(before, Slot) and before.sequence == slot.sequence)
    return was and slot.status == "cancelled"


async def invite(tx: Tx, slot: Slot, facts: Facts) -> None:
    """A parcel for each of the two who wants invitations; the same change is posted once."""
    for person in (slot.coach, slot.teacher):
        if (await tx.calendar(person)).mail is None:
            continue
        card = Card(blocks=(Buttons((Button(FILE, facts.say.button("calendars.file"), value=slot.id),)),))
        await tx.post(
            key=f"mail:{slot.sequence}:{slot.id}:{person}", person=person, kind="say", name=f"mail {slot.id}",
            thread=slot.thread, card=card, at=facts.now, expires_at=None, priority=0, on=MAIL,
        )  # fmt: skip


class Mail:
    """The platform that only brings invitations. Servers cannot be asked what became of a letter."""

    name = MAIL
    looks_up = False
    pace = None

    def __init__(self, store: Store, settings: Settings, now: Now) -> None:
        self._store = store
        self._settings = settings
        self._now = now

    async def deliver(self, parcel: Parcel) -> Receipt:
        message = await self._message(parcel)
        if message is None:
            # Overtaken by a later change, or no longer wanted: nothing is left to say.
            return Receipt("", "none")
        await self._send(message)
        return Receipt("", str(message["Message-ID"]))

    async def find(self, parcel: Parcel) -> Receipt | None:
        return None

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        raise Refused("a letter stays")

    async def close(self) -> None:
        return

    async def _message(self, parcel: Parcel) -> EmailMessage | None:
        change = _KEY.match(parcel.key)
        async with self._store.begin(parcel.organization) as tx:
            me, slot = await tx.person(parcel.person), await tx.get("slot", _slot(parcel))
            mail = (await tx.calendar(parcel.person)).mail
            if me is None or mail is None or not isinstance(slot, Slot) or change is None:
                return None
            if slot.sequence > int(change[1]) or slot.status not in ("confirmed", "cancelled"):
                return None
            told = (await told_of(tx, me, (slot,))).get(slot.id)
        if told is None:
            return None
        sender = str(self._settings.smtp_from)
        say, method = Lines.load(me.language), "CANCEL" if slot.status == "cancelled" else "REQUEST"
        told = replace(told, mail=mail.text, organizer=sender)
        data = await asyncio.to_thread(file_of, slot, told, say, self._now(), "REQUEST")
        return _letter(slot, me, told.other, mail.text, sender, say, data, method, parcel, self._now())

    async def _send(self, message: EmailMessage) -> None:
        import aiosmtplib

        client = self._client()
        try:
            async with asyncio.timeout(_PATIENCE):
                await client.connect()
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as fault:
            client.close()
            raise _refusal(fault) from None
        try:
            async with asyncio.timeout(_PATIENCE):
                await client.send_message(message)
        except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused) as fault:
            raise _refusal(fault) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as fault:
            raise Unsure(type(fault).__name__) from None
        finally:
            # It is taken or it is not; whether the goodbye arrives changes nothing.
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        import aiosmtplib

        made, password = self._settings, self._settings.smtp_password
        return aiosmtplib.SMTP(
            hostname=made.smtp_host, port=made.smtp_port, use_tls=made.smtp_security == "tls",
            start_tls=made.smtp_security == "starttls", username=made.smtp_user or None,
            password=password.get_secret_value() if password else None, timeout=_PATIENCE,
        )  # fmt: skip


def _slot(parcel: Parcel) -> str:
    blocks = parcel.card.blocks if isinstance(parcel.card, Card) else ()
    rows = (one for block in blocks if isinstance(block, Buttons) for one in block.row)
    return next((one.value for one in rows if one.verb == FILE), "")


def _refusal(fault: BaseException) -> Later | Refused:
    """A server that says no for good (5xx) is not asked again; the class and number alone may be noted."""
    import aiosmtplib

    code = fault.code if isinstance(fault, aiosmtplib.SMTPResponseException) else 0
    if isinstance(fault, aiosmtplib.SMTPRecipientsRefused):
        code = max((one.code for one in fault.recipients), default=0)
    if code >= 500 and not isinstance(fault, aiosmtplib.SMTPAuthenticationError):
        return Refused(f"smtp {code}")
    return Later(f"smtp {code}" if code else type(fault).__name__)


def _letter(
    slot: Slot, me: Person, other: Person, to: str, sender: str, say: Lines, data: bytes, method: str, parcel: Parcel,
    now: datetime,
) -> EmailMessage:  # fmt: skip
    """Plain words, the invitation beside them, and the same as a file for those who read neither."""
    when = stretch(slot.start, slot.minutes, me.zone, say)
    off = method == "CANCEL"
    key = "calendars.mail_cancelled" if off else "calendars.mail_booked"
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr(("Beside", sender))
    message["To"] = to
    message["Subject"] = say.plain(key, other=other.first, when=when)
    message["Date"] = format_datetime(now)
    # The same at every try, so that whoever gets it twice can tell.
    own = sha256(f"{parcel.organization} {parcel.key}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{own}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{say.plain(key, other=other.first, when=when)}\n\n{say.plain('calendars.mail_foot')}\n")
    message.add_alternative(data.decode(), subtype="calendar", params={"method": method}, cte="base64")
    name = "cancel.ics" if off else "invite.ics"
    message.add_attachment(data, maintype="application", subtype="ics", filename=name)
    return message
