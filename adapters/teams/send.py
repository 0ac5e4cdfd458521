"""Parcels on their way to Teams: drawn, split where they must be, and written to where the person is."""

from __future__ import annotations

import logging

from adapters.teams.forms import form_content
from adapters.teams.hosts import PUBLIC, allowed, local
from adapters.teams.ports import Encode, Json, Send
from adapters.teams.render import WARN, contents, envelope, size
from bot.cards import Card, Form
from bot.events import Account
from bot.platform import Later, Parcel, Receipt, Refused, Unsure

log = logging.getLogger("beside.teams")
ROOM = 20_000
GONE = ("ActivityNotFoundInConversation", "MessageNotFound", "http_404")


class Sender:
    """Sends once and says truthfully what became of it; trying again is the outbox's work."""

    def __init__(self, send: Send, encode: Encode, app_id: str, tenants: tuple[str, ...], login_url: str) -> None:
        self._send = send
        self._encode = encode
        self._app_id = app_id
        self._tenants = tenants
        self._login_url = login_url
        self._services: dict[str, str] = {}
        self._private: dict[tuple[str, str], str] = {}

    def seen(self, tenant: str, service: str) -> None:
        """Where Teams was heard from last is where people of that tenant are written to first."""
        self._services[tenant] = service

    async def deliver(self, parcel: Parcel) -> Receipt:
        channel = parcel.revises.channel if parcel.revises else await self._channel(parcel.to)
        return await self._write(channel, parcel.card, parcel.revises.id if parcel.revises else "")

    async def unsay(self, said: Receipt) -> None:
        service, conversation = place(said.channel)
        try:
            await self._send.delete(service, conversation, said.id)
        except Refused as refused:
            if refused.reason not in GONE:
                raise

    async def say(self, channel: str, shown: Card | Form) -> None:
        """To where somebody just wrote from, who is nobody we know or has to hear that something went wrong."""
        await self._write(channel, shown, "")

    async def _write(self, channel: str, shown: Card | Form, revises: str) -> Receipt:
        """Only the last message can be revised: it holds what can be pressed."""
        service, conversation = place(channel)
        drawn = drawing(shown)
        if len(drawn) > 1 or size(drawn[0]) > WARN:
            log.warning("a card of %d bytes goes out in %d messages", sum(map(size, drawn)), len(drawn))
        bodies = [self._encode(envelope(shown, one)) for one in drawn]
        for body in bodies[:-1]:
            await self._send.post(service, conversation, body)
        if revises:
            return Receipt(channel, await self._send.update(service, conversation, revises, bodies[-1]))
        return Receipt(channel, await self._send.post(service, conversation, bodies[-1]))

    async def _channel(self, to: Account) -> str:
        """The private chat. Making it again finds the same one, so a doubt about that is none about the message."""
        if to.channel:
            return to.channel
        tenant = to.team if to.team in self._tenants else self._tenants[0]
        known = (tenant, to.user)
        if known not in self._private:
            service = self._services.get(tenant, PUBLIC)
            if not allowed(service, self._login_url) or (service == PUBLIC and local(self._login_url)):
                raise Later("no_service_url")
            try:
                made = await self._send.create(service, self._encode(self._chat(tenant, to.user)))
            except Unsure as doubt:
                raise Later(doubt.reason) from None
            while len(self._private) >= ROOM:
                del self._private[next(iter(self._private))]
            self._private[known] = f"{service} {made}"
        return self._private[known]

    def _chat(self, tenant: str, user: str) -> Json:
        return {
            "isGroup": False, "bot": {"id": f"28:{self._app_id}"}, "members": [{"id": user}], "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }  # fmt: skip


def place(channel: str) -> tuple[str, str]:
    """A stored chat is the address of its service and its own id."""
    service, space, conversation = channel.partition(" ")
    if not space or not conversation:
        raise Refused("no_conversation")
    return service, conversation


def drawing(shown: Card | Form) -> tuple[Json, ...]:
    return (form_content(shown),) if isinstance(shown, Form) else contents(shown)
