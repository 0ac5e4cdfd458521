"""The playground's routes: the page, what people do on it, the clock, and the stream of what arrives."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from adapters.web import fence, inbound
from adapters.web.fence import Kind, fenced
from adapters.web.inbound import Malformed, Move, Press, Say, Submit
from adapters.web.page import Pane, clock_text, day_of, page, zone_text
from adapters.web.pane import after, label_on, open_questions, spoken
from adapters.web.render import dom_name, form_html, message
from adapters.web.seats import named, others, seated
from adapters.web.send import WebPlatform
from adapters.web.stream import Sent, Streams, Written, all_of
from bot.cards import Answer, Open, Wrong
from bot.events import Commanded, FromPlatform, Pressed, Said
from bot.platform import Door, Face, House, Remark

_STATIC = Path(__file__).parent / "static"
_FILES = {"style.css": "text/css", "playground.js": "text/javascript", "mark.svg": "image/svg+xml"}
_HEARTBEAT = 15.0
SIDES = ("left", "right")
_log = logging.getLogger("beside.web")

NOBODY = "Nobody of that name is here."
GONE = "That message is no longer here."
EMPTY = "There is nothing to keep yet."
MOVING = "The clock is still moving. One move at a time."
MANY = "The playground is open in many places. Close one of them and load this page again."
STOPPED = "The clock stopped on the way. What was said is kept."


class Routes:
    """Handlers over one door and one house."""

    def __init__(self, door: Door, house: House, platform: WebPlatform, streams: Streams) -> None:
        self._door = door
        self._house = house
        self._platform = platform
        self._streams = streams
        self._moving: asyncio.Task[None] | None = None
        self._moves: dict[str, None] = {}
        self._lines = 0
        self._static = {name: (_STATIC / name).read_bytes() for name in _FILES}

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/", fenced(self.index))
        app.router.add_get("/playground/stream", fenced(self.stream), allow_head=False)
        app.router.add_get("/playground/{file}", fenced(self.static))
        app.router.add_post("/playground/say", fenced(self.say))
        app.router.add_post("/playground/press", fenced(self.press))
        app.router.add_post("/playground/submit", fenced(self.submit))
        app.router.add_post("/playground/move", fenced(self.move))
        app.router.add_post("/playground/reset", fenced(self.reset))

    # ── reading ─────────────────────────────────────────────

    async def static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["file"]
        if name not in self._static:
            return fence.told("Nothing is kept under this address.", HTTPStatus.NOT_FOUND)
        return web.Response(body=self._static[name], content_type=_FILES[name], charset="utf-8")

    async def index(self, request: web.Request) -> web.StreamResponse:
        faces = await self._house.faces()
        asked = [named(faces, request.query[side]) if request.query.get(side) else None for side in SIDES]
        if any(request.query.get(side) and face is None for side, face in zip(SIDES, asked, strict=True)):
            raise Kind(HTTPStatus.NOT_FOUND, NOBODY)
        cursor = self._streams.cursor
        seats = seated(faces, *asked)
        panes = []
        for side, face in zip(SIDES, seats, strict=False):
            beside = next((one for one in seats if one != face), None)
            log, commands = await self._house.remarks(face.id), self._house.commands(face.role)
            panes.append(Pane(side, face, log, commands, *others(faces, face, beside)))
        token, key = fence.token_of(request), secrets.token_urlsafe(16)
        html = page(panes, now=self._house.now(), zone=self._house.zone(), csrf=token, key=key, cursor=cursor)
        response = web.Response(text=html, content_type="text/html")
        fence.set_token(response, token)
        return response

    async def stream(self, request: web.Request) -> web.StreamResponse:
        given = request.query.get("after", "")
        if len(given) > 60:
            raise Malformed
        names = [name for name in request.query.get("people", "").split(",") if name]
        if not 0 < len(names) <= 8:
            raise Malformed
        faces = [await self._face(name) for name in names]
        if self._lines >= 64:
            raise Kind(HTTPStatus.TOO_MANY_REQUESTS, MANY)
        response = web.StreamResponse(headers={**fence.HEADERS, "X-Accel-Buffering": "no"})
        response.content_type, response.charset = "text/event-stream", "utf-8"
        self._lines += 1
        try:
            await response.prepare(request)
            await self._pour(response, faces, request.headers.get("Last-Event-ID", "")[:60] or given or "0")
        except ConnectionError:
            pass  # The page was closed.
        finally:
            self._lines -= 1
        return response

    async def _pour(self, response: web.StreamResponse, faces: Sequence[Face], after_id: str) -> None:
        by_id = {face.id: face for face in faces}
        await response.write(b"retry: 1000\n\n")
        async with self._streams.open(faces, after_id) as (line, missed):
            if missed.whole:
                await response.write(all_of([face.id for face in faces], missed.written).wire())
            for written in missed.written:
                await response.write(self._arrived(written, by_id).wire())
            await response.write(self._clock(missed.now).wire())
            while True:
                try:
                    item = await asyncio.wait_for(line.queue.get(), _HEARTBEAT)
                except TimeoutError:
                    item = self._clock()
                if item is None:
                    return
                await response.write((self._arrived(item, by_id) if isinstance(item, Written) else item).wire())

    # ── acting ──────────────────────────────────────────────

    async def say(self, request: web.Request) -> web.StreamResponse:
        raw, key = await self._opened_letter(request)
        body = inbound.read(raw, request.content_type, Say)
        face = await self._face(body.person)
        event = inbound.said(body, face.id, key)
        if event is None:
            raise Kind(HTTPStatus.BAD_REQUEST, EMPTY)
        words = event.text if isinstance(event, Said) else body.text.strip()
        answer = await self._act(face, event, words)
        if request.content_type == inbound.FORM:
            sides = {name: value for name, value in inbound.pairs(raw).items() if name in ("left", "right")}
            return _back(sides)
        return answer

    async def press(self, request: web.Request) -> web.StreamResponse:
        raw, key = await self._opened_letter(request)
        body = inbound.read(raw, request.content_type, Press)
        face = await self._face(body.person)
        log = await self._house.remarks(face.id)
        found = next((remark for remark in log if remark.key == body.message), None)
        if found is None or found.card is None or found.card.thread != body.thread:
            raise Kind(HTTPStatus.NOT_FOUND, GONE)
        label = label_on(found.card, body.verb, body.value) or body.label or body.verb
        return await self._act(face, inbound.pressed(body, face.id, key), label, body.message)

    async def submit(self, request: web.Request) -> web.StreamResponse:
        raw, key = await self._opened_letter(request)
        body = inbound.read(raw, request.content_type, Submit)
        face = await self._face(body.person)
        return await self._act(face, inbound.submitted(body, face.id, key), source=body.message)

    async def _act(self, face: Face, event: FromPlatform, words: str = "", source: str = "") -> web.Response:
        """Through the door, then on the page; the next thing this person does waits for both."""
        async with self._platform.turn(face.id):
            at, before = self._house.now(), await self._house.remarks(face.id)
            asking = {r.key: r.card.thread for r in open_questions(before) if r.card and isinstance(event, Said)}
            stood = await self._house.marks(set(asking.values()))
            answer = await self._door.handle(event)
            stands = await self._house.marks(set(asking.values()))
            answered = {key for key, thread in asking.items() if stood.get(thread) != stands.get(thread)}
            own = spoken(event, words, at) if isinstance(event, Said | Commanded | Pressed) else None
            log = await self._house.remarks(face.id)
            new = after(event, answer, own, log, source=source, at=at, answered=answered)
            kept = [await self._streams.write(remark) for remark in new]
        if not {remark.key for remark in before} <= {remark.key for remark in log}:
            # Somebody's words were deleted: no open page shows them any longer, nor what others have of them.
            await self._streams.look_again()
        return self._answer(answer, kept, face, event.key)

    def _answer(self, answer: Answer, kept: Sequence[Remark], face: Face, key: str) -> web.Response:
        body: dict[str, object] = {"messages": [self._message(remark, face) for remark in kept]}
        if isinstance(answer, Open):
            body["form"] = form_html(answer.form, dom_name(key))
        if isinstance(answer, Wrong):
            body["errors"] = answer.errors
        return web.Response(body=msgspec.json.encode(body), content_type="application/json", charset="utf-8")

    # ── the clock ───────────────────────────────────────────

    async def move(self, request: web.Request) -> web.StreamResponse:
        raw, key = await self._opened_letter(request)
        body = inbound.read(raw, request.content_type, Move)
        face = await self._face(body.person) if body.person else None
        if key not in self._moves:
            if self._moving:
                raise Kind(HTTPStatus.CONFLICT, MOVING)
            self._moves[key] = None
            if len(self._moves) > 100:
                del self._moves[next(iter(self._moves))]
            self._moving = asyncio.create_task(self._play(body.by, face.id if face else ""))
        if request.content_type == inbound.FORM:
            return _back({})
        return web.json_response({}, status=HTTPStatus.ACCEPTED)

    async def _play(self, by: str, person: str) -> None:
        note = ""
        self._streams.tell(self._clock())
        try:
            async for at in self._house.move(by, person):
                self._streams.tell(self._clock(at=at))
        except Exception as fault:  # noqa: BLE001 - whatever stops the clock, the page must know that it stands
            _log.error("playground: the clock stopped on %s", type(fault).__name__)
            note = STOPPED
        finally:
            self._moving = None
            self._streams.tell(self._clock(note=note))

    async def reset(self, request: web.Request) -> web.StreamResponse:
        _, key = await self._opened_letter(request)
        if key not in self._moves:
            if self._moving:
                raise Kind(HTTPStatus.CONFLICT, MOVING)
            await self._house.reset()
            self._moves[key] = None
            self._streams.begin_again()
        return web.json_response({})

    def close(self) -> None:
        if self._moving:
            self._moving.cancel()

    # ── small things ────────────────────────────────────────

    async def _opened_letter(self, request: web.Request) -> tuple[bytes, str]:
        raw = await fence.body_of(request)
        return raw, inbound.key_of(request.headers.get("Idempotency-Key", ""), raw, request.content_type)

    async def _face(self, name: str) -> Face:
        if face := named(await self._house.faces(), name):
            return face
        raise Kind(HTTPStatus.NOT_FOUND, NOBODY)

    def _message(self, remark: Remark, face: Face) -> dict[str, object]:
        zone = self._house.zone()
        html = message(remark, face)
        return {
            "person": remark.person, "key": remark.key, "order": remark.order, "html": html,
            "day": day_of(remark.at, zone), "date": clock_text(remark.at, zone),
            "hint": remark.card.hint if remark.card else None,
        }  # fmt: skip

    def _arrived(self, written: Written, faces: dict[str, Face]) -> Sent:
        return Sent("remark", self._message(written.remark, faces[written.remark.person]), written.id)

    def _clock(self, cursor: str = "", at: datetime | None = None, note: str = "") -> Sent:
        now, zone = at or self._house.now(), self._house.zone()
        text, iso = clock_text(now, zone), f"{day_of(now, zone)}T{clock_text(now, zone)[-5:]}"
        moving = self._moving is not None
        return Sent("clock", {"text": text, "at": iso, "zone": zone_text(zone), "moving": moving, "note": note}, cursor)


def _back(sides: dict[str, str]) -> web.Response:
    """A plain form returns to the page it was on."""
    where = "/?" + urlencode(sides) if sides else "/"
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": where})
