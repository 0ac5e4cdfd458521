"""Calendars from outside, as they are served, read and mailed: the real store, real HTTP, a real mail server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from typing import cast

import aiohttp
import icalendar
import pytest
from aiohttp import web
from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import Envelope
from msgspec.structs import replace

from bot.cards import Button, Buttons, Card, Form, OnlyYou, Open, Replace, plain
from bot.clock import MovableClock
from bot.engine import Engine
from bot.events import Commanded, FromPlatform, Pressed
from bot.flow import derived
from bot.outbox import Outbox
from bot.outside import feeds
from bot.outside.links import FILE, OWN_PAGE, Ways, linked
from bot.outside.mailing import Mail
from bot.outside.refreshing import Refresher
from bot.platform import Platform
from bot.records import Busy, Calendar, Own, Subscription
from bot.settings import Settings
from bot.store import Store
from bot.vault import Keyring
from tests.faults.accepting import NOW, account, invite_all
from tests.support.dialog import Shelf

HERE = "America/New_York"
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    "SUMMARY:Dentist\r\nDTSTART;TZID={zone}:20261015T101500\r\nDTEND;TZID={zone}:20261015T110000\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(sqlite_url, Keyring.of("k1"))
    await invite_all(opened, 2)
    yield opened
    await opened.close()


@pytest.fixture
async def address(store: Store) -> AsyncIterator[str]:
    """The house's routes for calendars, as `beside serve` puts them up."""
    app = web.Application()
    feeds.mount(app, store, lambda: NOW)
    async for url in served(app):
        yield url


async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def say_yes(store: Store, ways: Ways | None = None, n: int = 0) -> Card:
    """Teacher t0 says yes; the card that they are shown."""
    engine = Engine(store, lambda: NOW, ways=ways or Ways(OWN_PAGE))
    answer = await engine.handle(pressed("works", f"t{n}", f"web:yes-{n}", n))
    assert isinstance(answer, Replace)
    assert plain(answer.card).startswith("Booked")
    return answer.card


def pressed(verb: str, who: str, key: str, n: int = 0) -> Pressed:
    version = {"works": 2, "decide": 3, "cancel": 9}[verb]
    return Pressed(key=key, by=account(who), thread=derived(f"web:offer-{n}"), version=version, verb=verb)


async def choose(store: Store, person: str, **chosen: object) -> str:
    async with store.begin("a") as tx:
        await tx.keep(replace(await tx.calendar(person), **chosen))
        return await tx.feed_secret(person)


async def got(url: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers


def buttons(card: Card) -> list[Button]:
    return [one for block in card.blocks if isinstance(block, Buttons) for one in block.row]


# ── the feed ──


async def test_a_feed_holds_what_is_booked_and_is_not_sent_twice(store: Store, address: str) -> None:
    await say_yes(store)
    secret = await choose(store, "t0", feed=True, turn=1)
    status, data, headers = await got(f"{address}/calendar/{secret}.ics")
    assert (status, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert headers["Cache-Control"] == "private, no-cache"
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Beside Sam"
    for tag in (headers["ETag"], f'"other", W/{headers["ETag"]}', "*"):
        status, data, again = await got(f"{address}/calendar/{secret}.ics", **{"If-None-Match": tag})
        assert (status, data, again["ETag"]) == (304, b"", headers["ETag"])
    engine = Engine(store, lambda: NOW + timedelta(hours=1))
    await engine.handle(pressed("cancel", "t0", "web:cancel"))
    status, data, later = await got(f"{address}/calendar/{secret}.ics", **{"If-None-Match": headers["ETag"]})
    assert status == 200
    assert later["ETag"] != headers["ETag"]
    assert b"STATUS:CANCELLED" in data


async def test_wrong_revoked_and_renewed_addresses_get_one_answer_and_none_is_logged(
    store: Store, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    old = await choose(store, "t0", feed=True, turn=1)
    new = await choose(store, "t0", feed=True, turn=2)
    assert (await got(f"{address}/calendar/{new}.ics"))[0] == 200
    await choose(store, "t0", feed=False, turn=3)
    answers = []
    for secret in (old, new, "x", "A" * 43, "A" * 44, "%2e%2e", "é" * 43):
        status, data, headers = await got(f"{address}/calendar/{secret}.ics")
        answers.append((status, data, sorted(set(headers) - {"Date"})))
    assert answers == [answers[0]] * len(answers)
    assert answers[0][0] == 404
    assert old not in caplog.text
    assert new not in caplog.text


async def test_a_link_on_the_card_opens_one_slots_file_for_its_reader_until_the_address_is_renewed(
    store: Store, address: str
) -> None:
    card = await say_yes(store)
    link = next(one.url for one in buttons(card) if one.verb == FILE)
    assert link.startswith("/calendar/file/")
    status, data, headers = await got(address + link)
    assert status == 200
    assert headers["Content-Disposition"] == 'attachment; filename="beside.ics"'
    assert len(icalendar.Calendar.from_ical(data).walk("VEVENT")) == 1
    token = link.removeprefix("/calendar/file/").removesuffix(".ics")
    payload, _, seal = token.partition(".")
    for wrong in (f"{payload}.{'A' * 43}", f"{payload[:-2]}.{seal}", f"AAAA.{seal}", payload, f"{payload}.{seal}A"):
        assert (await got(f"{address}/calendar/file/{wrong}.ics"))[0] == 404
    await choose(store, "t0", feed=True, turn=1)
    assert (await got(address + link))[0] == 404


async def test_a_link_is_made_for_each_showing_and_kept_nowhere(store: Store) -> None:
    await say_yes(store)
    assert "/calendar/file/" not in str(await rows(store))
    card = Card(blocks=(Buttons((Button(FILE, "Calendar file", value="5107"), Button("move", "Move it"))),))
    async with store.begin("a") as tx:
        for nowhere in ("", OWN_PAGE):
            assert await linked(tx, "t0", "slack", card, nowhere) == card
        shown = await linked(tx, "t0", "slack", card, "https://beside.example/")
        mine, theirs = [
            buttons(await linked(tx, who, "teams", card, "https://b.example"))[0].url for who in ("t0", "sam")
        ]
    assert buttons(shown)[0].url.startswith("https://beside.example/calendar/file/")
    assert buttons(shown)[1] == Button("move", "Move it")
    assert mine != theirs


async def test_where_no_link_can_be_made_the_button_says_so(store: Store) -> None:
    await say_yes(store)
    async with store.begin("a") as tx:
        await tx.keep((await tx.people(["t0"]))["t0"])
    shelf = Shelf("web")
    outbox = Outbox(store, Engine(store, lambda: NOW), {"web": shelf}, MovableClock(NOW))
    pressing = replace(pressed("decide", "t0", "web:file"), verb=FILE)
    await Engine(store, lambda: NOW, outbox.wake).handle(pressing)
    await outbox.sweep()
    assert any("no web address" in plain(card) for _, card in shelf.new)


async def rows(store: Store) -> dict[str, list[str]]:
    from tests.store.filled import rows_of

    return await rows_of(store, "a")


# ── calendars of theirs ──


def subscription(url: str, who: str = "t1") -> Subscription:
    return Subscription(id=f"s-{who}", organization="a", person=who, address=Own(url, who), host="calendar.example")


async def test_a_subscribed_calendar_becomes_intervals_and_a_doubt_before_sending(store: Store) -> None:
    zone, asked = [HERE], []

    async def calendar(request: web.Request) -> web.Response:
        asked.append(request.headers.get("If-None-Match", ""))
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        return web.Response(text=CALENDAR.format(zone=zone[0]), headers={"ETag": '"1"'})

    app = web.Application()
    app.router.add_get("/private/{name}", calendar)
    clock = MovableClock(NOW)
    async for url in served(app):
        async with store.begin("a") as tx:
            await tx.keep(subscription(f"{url}/private/ana.ics"))
        refresher = Refresher(store, clock, loopback=True)
        assert await refresher.tick() == 1
        assert await refresher.tick() == 0
        async with store.begin("a") as tx:
            away = await tx.away(["t1", "sam"], NOW)
            (known,) = await tx.subscriptions("t1")
        start = NOW.replace(day=15, hour=14, minute=15)
        assert away == {"t1": (Busy(start, start + timedelta(minutes=45)),)}
        assert (known.fault, known.odd_zone) == ("", False)
        assert "Dentist" not in str(await rows(store))

        # It is shown before anything is sent, and sending is still possible: it may be this very lesson.
        engine = Engine(store, clock)
        answer = await engine.handle(
            Commanded(key="web:c", by=account("sam"), command="coteach", text="@t1 thu 10:30 45m")
        )
        assert isinstance(answer, OnlyYou)
        assert "T1's calendar has something then. You can still send this." in plain(answer.card)
        assert "[Send to T1]" in plain(answer.card)

        # Half an hour later it is asked again, and has not changed; the next day it is expanded anew.
        for hours in (1, 1, 24):
            clock.move(clock() + timedelta(hours=hours))
            assert await refresher.tick() == 1
        assert asked == ["", '"1"', '"1"', ""]

        # A zone that nobody knows is read as the owner's, and told in the settings.
        zone[0] = "Moon/Tycho"
        clock.move(clock() + timedelta(hours=24))
        assert await refresher.tick() == 1
        async with store.begin("a") as tx:
            (known,) = await tx.subscriptions("t1")
        assert known.odd_zone
    clock.move(clock() + timedelta(hours=24))
    assert await refresher.tick() == 1
    async with store.begin("a") as tx:
        (known,) = await tx.subscriptions("t1")
        assert known.fault == "away"
        assert await tx.away(["t1"], NOW)  # what was known stays
    shown = await Engine(store, clock).handle(settings("t1"))
    assert isinstance(shown, OnlyYou)
    assert "Keeps free: calendar.example: could not be read last time" in plain(shown.card)


def settings(who: str, key: str = "web:settings") -> Commanded:
    return Commanded(key=key, by=account(who), command="beside", text="settings")


async def test_without_the_tests_setting_this_machine_is_not_read(store: Store) -> None:
    async with store.begin("a") as tx:
        await tx.keep(subscription("http://127.0.0.1:9/private/ana.ics"))
    assert await Refresher(store, lambda: NOW).tick() == 1
    async with store.begin("a") as tx:
        (known,) = await tx.subscriptions("t1")
    assert known.fault == "bad_address"


async def test_the_address_stands_in_the_form_alone(store: Store) -> None:
    engine = Engine(store, lambda: NOW, ways=Ways("https://beside.example", mail=True))
    secret = await choose(store, "t0", feed=True, turn=1)
    card = await engine.handle(settings("t0"))
    assert isinstance(card, OnlyYou)
    assert secret not in plain(card.card)
    thread = derived("web:settings")
    opened = await engine.handle(Pressed(key="web:o", by=account("t0"), thread=thread, version=1, verb="calendars"))
    assert isinstance(opened, Open)
    assert _value(opened.form, "address") == Own(f"https://beside.example/calendar/{secret}.ics", "t0")
    assert secret not in str(await rows(store))  # the form is kept with its answer, and sealed


def _value(form: Form, name: str) -> object:
    return next(getattr(field, "value", "") for field in form.fields if field.name == name)


# ── e-mail ──


class Letters:
    """A mail server that keeps what it is given, or says what it was told to say."""

    def __init__(self) -> None:
        self.kept: list[Message] = []
        self.to: list[list[str]] = []
        self.says: list[str] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802 - its name
        if self.says:
            return self.says.pop(0)
        self.kept.append(message_from_bytes(cast("bytes", envelope.content)))
        self.to.append(list(envelope.rcpt_tos))
        return "250 Taken"


@pytest.fixture
async def letters() -> AsyncIterator[tuple[Letters, int]]:
    handler = Letters()
    controller = UnthreadedController(handler, hostname="127.0.0.1", port=0, loop=asyncio.get_running_loop())
    server = await controller._create_server()  # noqa: SLF001 - its own begin() would block the loop that we share
    yield handler, cast("asyncio.Server", server).sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


def mailer(store: Store, port: int, clock: MovableClock) -> Mail:
    made = Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", smtp_from="beside@school.example")
    return Mail(store, made, clock)


def part(letter: Message, kind: str) -> Message:
    return next(one for one in letter.walk() if one.get_content_type() == kind)


def content(one: Message) -> bytes:
    return cast("bytes", one.get_payload(decode=True))


async def test_an_invitation_goes_out_by_its_own_lane_and_is_taken_back(
    store: Store, letters: tuple[Letters, int]
) -> None:
    box, port = letters
    clock = MovableClock(NOW)
    await choose(store, "t0", mail=Own("ana@school.example", "t0"))
    platforms: dict[str, Platform] = {"mail": mailer(store, port, clock)}
    engine = Engine(store, clock, ways=Ways(mail=True))
    outbox = Outbox(store, engine, platforms, clock)
    await say_yes_with(engine, pressed("works", "t0", "web:yes"))
    await outbox.sweep()
    (asked,) = box.kept
    assert box.to == [["ana@school.example"]]  # Sam did not ask for any
    assert asked["From"] == "Beside <beside@school.example>"
    assert asked["Subject"] == "Booked: beside Sam, Thursday 15 October, 10:00 to 10:45"
    assert asked["Auto-Submitted"] == "auto-generated"
    invitation = part(asked, "text/calendar")
    assert invitation.get_param("method") == "REQUEST"
    assert invitation.get_content_charset() == "utf-8"
    data = content(invitation)
    assert part(asked, "application/ics").get_payload(decode=True) == data
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert str(event["ATTENDEE"]) == "mailto:ana@school.example"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert str(event["ORGANIZER"]) == "mailto:beside@school.example"

    # The question that is answered meanwhile is no change that a calendar has to hear of.
    await engine.handle(pressed("decide", "t0", "web:decide"))
    await engine.handle(pressed("cancel", "t0", "web:cancel"))
    await outbox.sweep()
    assert len(box.kept) == 2
    off = part(box.kept[1], "text/calendar")
    assert off.get_param("method") == "CANCEL"
    (gone,) = icalendar.Calendar.from_ical(content(off)).walk("VEVENT")
    assert gone["UID"] == event["UID"]
    assert int(str(gone["SEQUENCE"])) > int(str(event["SEQUENCE"]))
    assert box.kept[0]["Message-ID"] != box.kept[1]["Message-ID"]


async def say_yes_with(engine: Engine, event: FromPlatform) -> None:
    answer = await engine.handle(event)
    assert isinstance(answer, Replace)
    assert plain(answer.card).startswith("Booked")


async def test_a_server_that_says_later_is_asked_again_and_one_that_says_no_is_not(
    store: Store, letters: tuple[Letters, int]
) -> None:
    box, port = letters
    clock = MovableClock(NOW)
    for who in ("t0", "sam"):
        await choose(store, who, mail=Own(f"{who}@school.example", who))
    engine = Engine(store, clock, ways=Ways(mail=True))
    outbox = Outbox(store, engine, {"mail": mailer(store, port, clock)}, clock)
    box.says = ["451 try again", "550 nobody here"]
    await say_yes_with(engine, pressed("works", "t0", "web:yes"))
    await outbox.sweep()
    assert box.kept == []
    clock.move(NOW + timedelta(minutes=20))
    await outbox.sweep()
    assert len(box.kept) == 1
    assert any("smtp 550" in row and "'dead'" in row for row in (await rows(store))["outbox"])


async def test_an_invitation_that_a_later_change_overtook_is_not_sent(
    store: Store, letters: tuple[Letters, int]
) -> None:
    box, port = letters
    clock = MovableClock(NOW)
    await choose(store, "t0", mail=Own("ana@school.example", "t0"))
    engine = Engine(store, clock, ways=Ways(mail=True))
    await say_yes_with(engine, pressed("works", "t0", "web:yes"))
    await engine.handle(pressed("cancel", "t0", "web:cancel"))
    await Outbox(store, engine, {"mail": mailer(store, port, clock)}, clock).sweep()
    assert [part(one, "text/calendar").get_param("method") for one in box.kept] == ["CANCEL"]


async def test_who_wants_none_gets_none_and_who_changed_their_mind_neither(
    store: Store, letters: tuple[Letters, int]
) -> None:
    box, port = letters
    clock = MovableClock(NOW)
    await choose(store, "t0", mail=Own("ana@school.example", "t0"))
    engine = Engine(store, clock, ways=Ways(mail=True))
    await say_yes_with(engine, pressed("works", "t0", "web:yes"))
    async with store.begin("a") as tx:
        await tx.keep(Calendar(person="t0", organization="a"))
    await Outbox(store, engine, {"mail": mailer(store, port, clock)}, clock).sweep()
    assert box.kept == []
