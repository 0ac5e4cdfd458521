"""Lines that break, end, stay silent or carry rubbish: what people do gets through once, and nobody reads it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import aiohttp
import pytest

from adapters.slack import socket
from adapters.slack.socket import AT_ONCE, LINES
from bot.cards import NOTHING, Answer, OnlyYou, Replace
from bot.events import FromPlatform, Said
from tests.contract.test_slack.house import OFFER, SENT, House, connected, until
from tests.fakes.slack import APP_TOKEN, Slack


@pytest.fixture
def way() -> str:
    return "socket"


def envelope(**parts: object) -> str:
    whole = {"envelope_id": "e1", "type": "events_api", "payload": {}, "accepts_response_payload": False}
    return json.dumps({**whole, **parts})


RUBBISH = (
    "", "null", "[]", "7", "{", "[" * 100_000, '{"type": 5}', '{"type": "hello", "num_connections": "many"}',
    '{"type": "' + "x" * 100_000 + '"}', '{"type": "events_api"}', envelope(payload=None), envelope(payload=[1]),
    envelope(envelope_id=""), envelope(envelope_id="a\nb"), envelope(envelope_id=5), envelope(type="carrier_pigeon"),
    envelope(payload={"event": 5}), envelope(type="slash_commands", payload={"command": 5}),
    envelope(type="interactive", payload={"type": "block_actions", "actions": "all"}), "\ud83d",
)  # fmt: skip


# ── Acknowledged when it is kept ──


async def test_nothing_is_acknowledged_before_the_door_has_answered(house: House) -> None:
    done = asyncio.Event()

    async def handle(event: FromPlatform) -> Answer:
        await done.wait()
        return NOTHING

    house.door.handle = handle  # type: ignore[method-assign]
    saying = asyncio.create_task(house.ana.say("hello"))
    await asyncio.sleep(0.5)
    assert not saying.done()
    done.set()
    assert (await saying).statuses == [200]


async def test_an_answer_is_in_the_acknowledgement(house: House) -> None:
    house.door.always(OnlyYou(OFFER))
    asked = await house.ana.command("/coteach")
    assert json.loads(asked.answer.body)["response_type"] == "ephemeral"
    assert asked.shown is not None
    assert asked.shown.buttons == ["Send"]


async def test_both_doors_are_open_where_there_are_keys_for_both() -> None:
    async with Slack() as slack, connected(slack, way="both") as house:
        slack.courier.by_socket = False
        assert (await house.ana.say("by http")).statuses == [200]
        slack.socket_mode()
        assert (await house.ana.say("by socket")).statuses == [200]
        assert [event.text for event in house.door.events if isinstance(event, Said)] == ["by http", "by socket"]


async def test_without_a_signing_secret_there_is_no_door_for_requests(house: House) -> None:
    async with aiohttp.ClientSession() as session, session.post(house.slack.courier.url, data=b"{}") as answer:
        assert answer.status == 404


async def test_no_more_is_done_at_once_than_there_is_room_for(house: House) -> None:
    at_work, most = 0, 0

    async def handle(event: FromPlatform) -> Answer:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.05)
        at_work -= 1
        return NOTHING

    house.door.handle = handle  # type: ignore[method-assign]
    house.slack.courier.deadline = 30.0
    said = await asyncio.gather(*(house.ana.say(f"line {number}") for number in range(4 * AT_ONCE)))
    assert {status for one in said for status in one.statuses} == {200}
    assert most == AT_ONCE


async def test_where_the_way_out_is_a_proxy_everything_goes_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = bytearray()
    async with Slack() as slack, relay(slack, asked) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        async with connected(slack, way="socket") as house:
            house.door.always(OnlyYou(OFFER))
            asked_for = (await house.ana.command("/coteach")).shown
            assert asked_for is not None
            house.door.always(Replace(SENT))
            assert (await house.ana.press(asked_for, "Send")).ok
            await until(lambda: house.ana.ephemerals()[0].shown == "Sent to Ana.")
            monkeypatch.delenv("HTTPS_PROXY")
    paths = re.findall(rb"(?:GET|POST) (?:http|ws)://127.0.0.1:\d+(/[a-z]+/)", bytes(asked))
    assert set(paths) == {b"/api/", b"/link/", b"/hooks/"}


@asynccontextmanager
async def relay(slack: Slack, asked: bytearray) -> AsyncIterator[str]:
    """A proxy as aiohttp asks one for an address without TLS: the whole address stands in each request."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", urlsplit(slack.url).port)
        await asyncio.gather(pour(reader, here, asked), pour(there, writer, bytearray()))

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: bytearray) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            seen += data
            writer.write(data)
    writer.close()


# ── Lines that end ──


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_line_that_says_goodbye_is_replaced_before_it_is_gone(house: House, reason: str) -> None:
    board = house.slack.switchboard
    talking = asyncio.create_task(talk(house, 40))
    await board.goodbye("warning" if reason == "warning" else "refresh_requested", grace=2.0)
    assert board.most > LINES
    assert [status for one in await talking for status in one] == [200] * 40
    assert len(house.door.events) == 40
    await board.linked(LINES)


async def test_lines_that_are_cut_lose_nothing(house: House) -> None:
    house.slack.courier.retry_delays = (0.3, 1.0, 3.0)
    house.door.takes = 0.05
    talking = asyncio.create_task(talk(house, 40))
    for _ in range(4):
        await asyncio.sleep(0.2)
        house.slack.switchboard.drop()
    assert {one[-1] for one in await talking} == {200}
    assert len(house.door.keys) == 40


async def test_one_line_that_is_cut_makes_no_command_fail(house: House) -> None:
    board = house.slack.switchboard
    board.drop(one=True)
    await until(lambda: len(board.lines) == LINES - 1)
    assert (await house.ana.command("/coteach")).ok


async def talk(house: House, count: int) -> list[list[int]]:
    results = []
    for number in range(count):
        results.append(asyncio.create_task(house.ana.say(f"line {number}")))
        await asyncio.sleep(0.02)
    return [(await one).statuses for one in results]


async def test_what_was_taken_is_answered_before_the_line_is_closed() -> None:
    async with Slack() as slack:
        async with connected(slack, way="socket") as house:
            house.door.takes = 0.5
            slack.courier.retry_delays = ()
            saying = [asyncio.create_task(house.ana.say(f"line {number}")) for number in range(10)]
            await until(lambda: house.door.events)
            await house.platform.hang_up()
            answered = [one.result().ok if one.done() else (await one).ok for one in saying]
            assert sum(answered) == len(house.door.events) > 0
            assert slack.switchboard.lines == []
        assert slack.state.complaints == []


async def test_a_silent_line_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "HEARTBEAT", 0.5)
    async with Slack() as slack:
        slack.switchboard.deaf = True
        async with connected(slack, way="socket") as house:
            slack.switchboard.deaf = False
            await until(lambda: slack.switchboard.opened >= 2 * LINES)
            assert (await house.ana.say("hello")).ok


async def test_a_line_without_a_first_word_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "FIRST_WORD_WITHIN", 0.3)
    async with Slack() as slack:
        slack.switchboard.mute = True
        async with connected(slack, way="socket") as house:
            await until(lambda: slack.switchboard.opened > LINES)
            assert house.platform.refused["silent"] > 0
            slack.switchboard.mute = False


# ── Lines that cannot be had ──


async def test_slack_is_asked_for_a_line_again_and_again_but_not_fast() -> None:
    async with Slack() as slack:
        slack.fail("500", "apps.connections.open", times=None)
        opening = asyncio.create_task(started(slack))
        await asyncio.sleep(3)
        assert 2 * LINES <= slack.count("apps.connections.open") <= 12 * LINES
        slack.heal()
        assert await opening


async def test_slack_says_when_to_ask_again() -> None:
    async with Slack() as slack:
        slack.fail("429", "apps.connections.open", times=LINES, retry_after=2)
        opening = asyncio.create_task(started(slack))
        await asyncio.sleep(1.5)
        assert slack.count("apps.connections.open") == LINES
        assert await opening


async def started(slack: Slack) -> bool:
    async with connected(slack, way="socket") as house:
        return (await house.ana.say("hello")).ok


@pytest.mark.parametrize("elsewhere", ["ws://slack.example", "http://127.0.0.1:9", "file:///etc"])
async def test_no_line_is_opened_in_clear_to_another_machine(house: House, elsewhere: str) -> None:
    board = house.slack.switchboard
    board.elsewhere = elsewhere
    board.drop()
    await until(lambda: house.platform.refused["ValueError"] >= LINES)
    board.elsewhere = ""
    await board.linked(LINES)


async def test_socket_mode_switched_off_is_said(house: House, caplog: pytest.LogCaptureFixture) -> None:
    await house.slack.switchboard.goodbye("link_disabled", grace=0.1)
    await until(lambda: house.platform.refused["link_disabled"] == LINES)
    assert "slack socket mode is off: link_disabled" in caplog.text


# ── Rubbish ──


@pytest.mark.req("FEED-1", "LOG-5")
async def test_rubbish_is_counted_and_stops_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    for words in RUBBISH:
        await house.slack.switchboard.say(words.encode("utf-8", "surrogatepass") if words == "\ud83d" else words)
    assert (await house.ana.say("hello")).ok
    assert len(house.door.events) == 1
    assert house.platform.refused["malformed"] == (len(RUBBISH) - 1) * LINES
    lines = [record.getMessage() for record in caplog.records if record.name == "beside.slack"]
    assert lines == ["slack request refused: malformed"]


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_a_frame_that_is_too_large_costs_its_line_and_nothing_more(house: House) -> None:
    await house.slack.switchboard.say("x" * 1_100_000)
    await until(lambda: house.platform.refused["broken_line"] == LINES)
    await house.slack.switchboard.linked(LINES)
    assert (await house.ana.say("hello")).ok


@pytest.mark.req("LOG-1")
async def test_nothing_of_what_a_line_carries_is_in_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    house.slack.courier.deadline = 0.5
    await house.ana.say("canary-words")
    house.door.fails = RuntimeError("canary-in-the-traceback")
    await house.ana.command("/coteach", "canary-words")
    await house.slack.switchboard.say(envelope(payload={"event": "canary"}))
    house.slack.switchboard.drop()
    await house.slack.switchboard.linked(LINES)
    told = [record.getMessage() for record in caplog.records if record.name.startswith(("beside", "slack", "aiohttp"))]
    assert [one for one in told if "canary" in one or APP_TOKEN in one or "ticket" in one] == []
