"""Handing everything over: the files themselves, and a link to them that works once each and not for long."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape

from aiohttp import web

from bot.cards import Button, Buttons, Card
from bot.exporting import Export, as_html, as_json
from bot.outside.links import OWN_PAGE
from bot.platform import File
from bot.records import NextStep, Reflection
from bot.store import Store, Tx
from bot.words import Lines

LIVES = timedelta(minutes=15)
PATH = "/mine/{secret}"
KINDS = {"html": "text/html", "json": "application/json"}
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:31rem;margin:3rem auto;padding:0 1rem;color:#25221d;"
    "background:#faf7f1}h1{font-size:1.1875rem}"
    "button{font:inherit;min-height:2.75rem;padding:.5rem 1rem;color:inherit;background:#fffdfa;"
    "border:1px solid #857b6a;border-radius:10px;cursor:pointer}"
    "button:focus-visible{outline:3px solid #1a5fb4;outline-offset:2px}"
    "@media(prefers-color-scheme:dark){body{color:#f1ece2;background:#1c1b18}"
    "button{background:#262420;border-color:#918774}button:focus-visible{outline-color:#9cc7f5}}"
)
_STYLED = f"'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {_STYLED}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Handing:
    """`address` is where this server is reached from outside, or `OWN_PAGE`; without one there are no links."""

    def __init__(self, store: Store, now: Callable[[], datetime], address: str = "") -> None:
        self._store = store
        self._now = now
        self.address = address

    async def files(self, organization: str, person: str) -> tuple[File, ...]:
        """As they are at this moment."""
        async with self._store.begin(organization) as tx:
            export = await gathered(tx, person, self._now())
        return () if export is None else files_of(export)

    async def caption(self, organization: str, person: str) -> Card:
        """What stands beside the files."""
        return Card(blocks=((await self._words(organization, person))("mine.here_it_is"),))

    async def link(self, organization: str, person: str, platform: str) -> Card:
        """A card with a new link. Only its hash is kept, and the card nowhere."""
        say = await self._words(organization, person)
        if not self.address or (self.address == OWN_PAGE and platform != "web"):
            return Card(blocks=(say("mine.no_way"),))
        secret, now = secrets.token_urlsafe(32), self._now()
        async with self._store.begin(organization) as tx:
            await tx.hand_out(_hashed(secret), person, now + LIVES, now)
        there = Button("link", say.button("mine.get"), url=f"{self.address.rstrip('/')}/mine/{secret}")
        return Card(blocks=(say("mine.link"), Buttons((there,))))

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(PATH, self._page)
        app.router.add_post(PATH, self._taken)

    async def _page(self, request: web.Request) -> web.Response:
        """Looking changes nothing: whatever follows links by itself must not use it up."""
        found = await self._found(request)
        if found is None:
            return _told("mine.link_over", 404)
        say = await self._words(*found)
        ways = "".join(
            f'<p><button name="as" value="{kind}">{escape(say.button(f"mine.as_{kind}"))}</button></p>'
            for kind in KINDS
        )
        body = f"<h1>{escape(say.plain('mine.title'))}</h1><p>{escape(say.plain('mine.link_page'))}</p>"
        return _html(f'{body}<form method="post">{ways}</form>', say, 200)

    async def _taken(self, request: web.Request) -> web.Response:
        found, fields = await self._found(request), await request.post()
        kind = fields.get("as")
        if found is None or not isinstance(kind, str) or kind not in KINDS:
            return _told("mine.link_over", 404)
        organization, person = found
        async with self._store.begin(organization) as tx:
            if not await tx.take_out(_hashed(request.match_info["secret"]), kind, self._now()):
                return _told("mine.link_over", 404)
        for file in await self.files(organization, person):
            if file.name.endswith(kind):
                named = {"Content-Disposition": f'attachment; filename="{file.name}"'}
                return web.Response(
                    body=file.body, content_type=file.kind, charset="utf-8", headers={**_HEADERS, **named}
                )
        return _told("mine.link_over", 404)

    async def _found(self, request: web.Request) -> tuple[str, str] | None:
        return await self._store.handed_out(_hashed(request.match_info["secret"]), self._now())

    async def _words(self, organization: str, person: str) -> Lines:
        async with self._store.begin(organization) as tx:
            me = await tx.person(person)
        return Lines.load(me.language if me else "en")


async def gathered(tx: Tx, person: str, now: datetime) -> Export | None:
    """All that is kept of this person."""
    me = await tx.person(person)
    if me is None:
        return None
    own, showings, visits = await tx.own(person, 100_000), await tx.showings(person, 100_000), await tx.visits(person)
    pairs = await tx.partnerships(person)
    others = {side for pair in pairs for side in (pair.coach, pair.teacher)}
    others |= {one.reader for one in showings if one.reader} | {side for v in visits for side in (v.coach, v.teacher)}
    steps = tuple(one for one in own if isinstance(one, NextStep))
    became = tuple([event for step in steps for event in await tx.step_history(step.id)])
    return Export(
        what_became=became, made_at=now, person=me, accounts=await tx.accounts(person), partnerships=pairs,
        reflections=tuple(one for one in own if isinstance(one, Reflection)),
        next_steps=steps,
        visits=visits, questions=await tx.asked(person, datetime.fromtimestamp(0, now.tzinfo), 100_000),
        calendar=await tx.calendar(person), subscriptions=await tx.subscriptions(person), showings=showings,
        names={p.id: p.name for p in (await tx.people(sorted(others - {person}))).values()},
    )  # fmt: skip


def files_of(export: Export) -> tuple[File, ...]:
    say, day = Lines.load(export.person.language), export.made_at.date().isoformat()
    return (
        File(name=f"beside-{day}.html", kind=KINDS["html"], body=as_html(export, say)),
        File(name=f"beside-{day}.json", kind=KINDS["json"], body=as_json(export)),
    )


def _hashed(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def _told(key: str, status: int) -> web.Response:
    say = Lines.load()
    return _html(f"<p>{escape(say.plain(key))}</p>", say, status)


def _html(body: str, say: Lines, status: int) -> web.Response:
    head = '<meta charset="utf-8"><title>Beside</title><meta name="viewport" content="width=device-width">'
    head += f"<style>{_STYLE}</style>"
    text = f'<!doctype html>\n<html lang="{say.language}"><head>{head}</head><body>{body}</body></html>\n'
    return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)
