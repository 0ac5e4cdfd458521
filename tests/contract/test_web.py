"""The playground over a real connection: what is sent, kept, streamed and refused."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.hdrs import METH_ALL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.cards import NOTHING, Answer, Button, Buttons, Card, Form, OnlyYou, Open, Replace, Text, TextField, Wrong
from bot.events import Account, Commanded, FromPlatform, Pressed, Said, Submitted
from bot.platform import Refused
from bot.records import Own
from tests.fakes.playground import ANA, SAM, MemoryHouse, Playground, Visitor, parcel, playground, visiting

ASK = Card(
    blocks=(Text(("How did it go?",)), Buttons((Button("tried", "Tried it", value="7"),))), thread="t", version=1
)
SENT = Card(blocks=(Text(("Sent to Ana",)),), thread="t", version=2, framed=True, title="Invitation")
FORM = Form(verb="keep", title="Beside Ana", fields=(TextField("q", "Q"),), submit="Keep", cancel="Close", thread="t")


@pytest.fixture
async def house() -> MemoryHouse:
    return MemoryHouse()


@pytest.fixture
async def at(house: MemoryHouse) -> AsyncIterator[Playground]:
    async with playground(house) as one:
        yield one


@pytest.fixture
async def ana(at: Playground) -> AsyncIterator[Visitor]:
    async with visiting(at) as visitor:
        yield visitor


def press(**changes: object) -> dict[str, object]:
    body = {"person": "p-ana", "message": "q", "thread": "t", "version": 1, "verb": "tried", "value": "7", "label": "x"}
    return body | changes


def kinds(house: MemoryHouse, person: str = "p-ana") -> list[tuple[str, str]]:
    return [(r.kind, r.words.text if r.words else "") for r in house.kept if r.person == person]


# ── Acting ──


async def test_what_is_written_goes_through_the_door_and_stays(ana: Visitor, at: Playground) -> None:
    status, answer = await ana.post("say", {"person": "ana", "text": "  It went <well>.\nTruly. "})
    assert status == 200
    me = Account(platform="web", team="playground", user="p-ana")
    assert at.door.events == [Said(key="web:key-0001", by=me, text="It went <well>.\nTruly.")]
    assert kinds(at.house) == [("words", "It went <well>.\nTruly.")]
    assert [m["key"] for m in answer["messages"]] == ["said:web:key-0001"]


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/coteach @Ana tue 10:15 45m launch", "coteach", "@Ana tue 10:15 45m launch"),
        ("/coteach@ana tue 10:15", "coteach", "@ana tue 10:15"),
        ("Coteach @ana tue 10:15", "coteach", "@ana tue 10:15"),
        ("/help", "help", ""),
        ("/Help", "help", ""),
    ],
)
async def test_a_slash_makes_a_command(ana: Visitor, at: Playground, text: str, command: str, rest: str) -> None:
    await ana.post("say", {"person": "sam", "text": text})
    (event,) = at.door.events
    assert isinstance(event, Commanded)
    assert (event.command, event.text, event.by.user) == (command, rest, "p-sam")
    assert kinds(at.house, "p-sam") == [("command", text)]


async def test_a_lone_slash_is_words(ana: Visitor, at: Playground) -> None:
    await ana.post("say", {"person": "ana", "text": "/ half of it"})
    assert isinstance(at.door.events[0], Said)


async def test_a_press_becomes_their_message_and_the_row_goes(ana: Visitor, at: Playground) -> None:
    at.house.show(ANA, "q", ASK)
    status, _ = await ana.post("press", press(inputs={"role": "eyes"}))
    assert status == 200
    (event,) = at.door.events
    assert isinstance(event, Pressed)
    assert (event.thread, event.version, event.verb, event.value, event.inputs) == (
        "t",
        1,
        "tried",
        "7",
        {"role": "eyes"},
    )
    assert kinds(at.house) == [("card", ""), ("tap", "Tried it")]
    assert at.house.kept[0].card == replace(ASK, blocks=ASK.blocks[:1])


async def test_words_take_the_row_of_the_question_they_answered_and_of_no_other(ana: Visitor, at: Playground) -> None:
    at.house.show(ANA, "q", ASK)
    at.house.show(ANA, "other", replace(ASK, thread="o"))
    await ana.post("say", {"person": "ana", "text": "who sees this?"}, key="ask-0001")
    assert [at.house.kept[n].card for n in (0, 1)] == [ASK, replace(ASK, thread="o")]

    def goes_on(_: FromPlatform) -> Answer:
        at.house.gone_on["t"] += 1
        return NOTHING

    at.door.reply = goes_on
    await ana.post("say", {"person": "ana", "text": "Partly."}, key="say-0001")
    assert [at.house.kept[n].card for n in (0, 1)] == [replace(ASK, blocks=ASK.blocks[:1]), replace(ASK, thread="o")]


async def test_a_replaced_card_stays_where_it_stood(ana: Visitor, at: Playground) -> None:
    at.house.show(ANA, "q", ASK)
    at.house.write(ANA, "later", "Something else")
    at.door.reply = lambda _: Replace(SENT)
    await ana.post("press", press())
    assert [(r.key, r.order) for r in at.house.kept] == [("q", 1), ("later", 2), ("said:web:key-0001", 3)]
    assert at.house.kept[0].card == SENT


async def test_an_aside_is_shown_to_them_alone_and_the_row_stays(ana: Visitor, at: Playground) -> None:
    at.house.show(ANA, "q", ASK)
    at.door.reply = lambda _: OnlyYou(SENT)
    await ana.post("press", press())
    assert [r.key for r in at.house.kept] == ["q", "said:web:key-0001", "only:web:key-0001"]
    assert at.house.kept[0].card == ASK


async def test_a_form_opens_asks_again_and_is_kept(ana: Visitor, at: Playground) -> None:
    at.house.show(ANA, "q", ASK)
    at.door.reply = lambda _: Open(FORM)
    _, opened = await ana.post("press", press(), key="open-0001")
    assert opened["form"].startswith('<dialog class="ask"')
    assert [r.key for r in at.house.kept] == ["q"]

    submit = {"person": "ana", "thread": "t", "version": 0, "verb": "keep", "fields": {"q": ""}, "message": "q"}
    at.door.reply = lambda _: Wrong({"q": "A sentence is plenty."})
    assert await ana.post("submit", submit, key="keep-0001") == (
        200,
        {"messages": [], "errors": {"q": "A sentence is plenty."}},
    )
    at.door.reply = lambda _: Replace(SENT)
    _, kept = await ana.post("submit", submit | {"fields": {"q": "How?"}}, key="keep-0002")
    assert [m["key"] for m in kept["messages"]] == ["q"]
    event = at.door.events[-1]
    assert isinstance(event, Submitted)
    assert event.fields == {"q": "How?"}


@pytest.mark.parametrize("answer", [NOTHING, Replace(SENT), OnlyYou(SENT)])
async def test_told_again_in_any_way_it_is_one_thing(ana: Visitor, at: Playground, answer: Answer) -> None:
    at.house.show(ANA, "q", ASK)
    at.door.reply = lambda _: answer
    found = await asyncio.gather(*(ana.post("press", press()) for _ in range(20)))
    assert {status for status, _ in found} == {200}
    before = list(at.house.kept)
    await ana.post("press", press())
    assert len(at.door.events) == 1
    assert at.house.kept == before
    assert kinds(at.house).count(("tap", "Tried it")) == 1


async def test_a_card_that_has_moved_on_does_not_come_back(ana: Visitor, at: Playground) -> None:
    at.house.show(ANA, "q", ASK)
    at.door.reply = lambda _: Replace(SENT)
    await ana.post("press", press())
    booked = replace(SENT, version=3)
    await at.deliver(ANA, "p2", booked, revises="q")
    await ana.post("press", press())
    assert at.house.kept[0].card == booked


async def test_what_follows_stands_below_the_words_it_answers(ana: Visitor, at: Playground) -> None:
    at.door.slow = 0.05
    said = asyncio.create_task(ana.post("say", {"person": "ana", "text": "Well."}))
    await at.door.asked.wait()
    await at.deliver(ANA, "reply", ASK)
    await said
    assert [r.key for r in at.house.kept] == ["said:web:key-0001", "reply"]


async def test_the_plain_form_works_without_script_and_twice_is_once(ana: Visitor, at: Playground) -> None:
    form = aiohttp.FormData({"csrf": ana.token, "key": "plain-0001", "person": "p-ana", "text": "Well.", "left": "ana"})
    for _ in range(2):
        url = at.url + "/playground/say"
        async with ana.session.post(url, data=form(), headers=_form(), allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (303, "/?left=ana")
    assert kinds(at.house) == [("words", "Well.")]


def _form() -> dict[str, str]:
    return {"Content-Type": "application/x-www-form-urlencoded"}


# ── The platform ──


async def test_delivers_once_replaces_in_place_and_finds_again(at: Playground) -> None:
    receipt = await at.deliver(ANA, "p1", ASK)
    assert await at.deliver(ANA, "p1", ASK) == receipt
    await at.deliver(ANA, "p2", SENT, revises="p1")
    assert [(r.key, r.card) for r in at.house.kept] == [("p1", SENT)]
    assert await at.platform.find(parcel(ANA, "p1", ASK)) == receipt
    assert await at.platform.find(parcel(ANA, "p2", SENT, revises="p1")) == receipt
    assert await at.platform.find(parcel(ANA, "p9", ASK)) is None
    assert await at.platform.find(parcel(ANA, "p3", ASK, revises="p1")) is None


async def test_refuses_who_is_not_here(at: Playground) -> None:
    with pytest.raises(Refused, match="user_not_found"):
        await at.deliver(replace(ANA, id="p-gone"), "p1", ASK)


# ── Streams ──


async def test_a_stream_brings_what_is_written_to_those_it_shows(ana: Visitor, at: Playground) -> None:
    events = ana.events(people="ana")
    assert (await anext(events))["text"] == "Thursday 15 October, 15:20"
    await at.deliver(SAM, "for-sam", ASK)
    await at.deliver(ANA, "for-ana", ASK)
    event = await anext(events)
    assert (event["event"], event["key"], event["person"], event["day"]) == ("remark", "for-ana", "p-ana", "2026-10-15")
    assert "How did it go?" in event["html"]
    await events.aclose()  # type: ignore[attr-defined] # an async generator has it


async def test_a_stream_taken_up_again_loses_and_doubles_nothing(ana: Visitor, at: Playground) -> None:
    await at.deliver(ANA, "one", ASK)
    (*_, clock) = await ana.until_clock()
    await at.deliver(ANA, "two", ASK)
    await at.deliver(SAM, "three", ASK)
    await at.deliver(ANA, "change", SENT, revises="one")
    missed = await ana.until_clock(last=clock["id"])
    assert [event.get("key") for event in missed] == ["two", "three", "one", None]
    half = await ana.until_clock(last=missed[0]["id"])
    assert [event.get("key") for event in half] == ["three", "one", None]
    assert [event.get("key") for event in await ana.until_clock(last=half[-1]["id"])] == [None]


async def test_what_is_deleted_goes_from_every_open_page(ana: Visitor, at: Playground) -> None:
    at.house.show(ANA, "q", ASK)
    at.house.show(SAM, "shared", SENT)
    events = ana.events(after="9")
    assert (await anext(events))["event"] == "clock"

    def deletes(_: FromPlatform) -> Answer:
        del at.house.kept[0]
        return NOTHING

    at.door.reply = deletes
    await ana.post("say", {"person": "ana", "text": "delete my data"})
    said = "said:web:key-0001"
    assert (await anext(events))["key"] == said
    keys = await anext(events)
    assert (keys["event"], keys["p-ana"], keys["p-sam"]) == ("keys", [said], ["shared"])
    assert {(await anext(events))["key"] for _ in range(2)} == {said, "shared"}
    await events.aclose()  # type: ignore[attr-defined] # an async generator has it


async def test_a_plain_number_is_the_order_of_the_last_remark_seen(ana: Visitor, at: Playground) -> None:
    for key in ("one", "two", "three"):
        await at.deliver(ANA, key, ASK)
    assert [event.get("key") for event in await ana.until_clock(after="2")] == ["three", None]


async def test_after_a_restart_a_page_compares_all_it_shows(ana: Visitor, at: Playground) -> None:
    await at.deliver(ANA, "one", ASK)
    keys, one, _ = await ana.until_clock(last="0a1b2c3d.7")
    assert (keys["event"], keys["p-ana"], one["key"]) == ("keys", ["one"], "one")


async def test_a_page_never_misses_what_is_written_while_it_is_read(ana: Visitor, at: Playground) -> None:
    html = await ana.arrive()
    cursor = html.split('data-after="')[1].split('"')[0]
    await at.deliver(ANA, "between", ASK)
    assert [event.get("key") for event in await ana.until_clock(after=cursor)] == ["between", None]


# ── The clock ──


async def test_the_clock_is_seen_to_move_and_moves_once(ana: Visitor, at: Playground) -> None:
    at.house.go_on.clear()
    events = ana.events()
    assert (await anext(events))["moving"] is False
    assert (await ana.post("move", {"by": "hour", "person": "ana"}, key="move-0001"))[0] == 202
    assert (await anext(events))["moving"] is True
    status, answer = await ana.post("move", {"by": "week", "person": "ana"}, key="move-0002")
    assert (status, answer["reason"]) == (409, "The clock is still moving. One move at a time.")
    assert (await ana.post("move", {"by": "hour", "person": "ana"}, key="move-0001"))[0] == 202
    assert (await ana.post("reset", {}, key="reset-001"))[0] == 409
    at.house.go_on.set()
    stops = [await anext(events) for _ in range(3)]
    assert [stop["text"] for stop in stops] == [f"Thursday 15 October, {time}" for time in ("15:50", "16:20", "16:20")]
    assert [stop["moving"] for stop in stops] == [True, True, False]
    assert (await ana.post("move", {"by": "hour", "person": "ana"}, key="move-0001"))[0] == 202
    assert at.house.clock.hour == 20
    await events.aclose()  # type: ignore[attr-defined] # an async generator has it


async def test_a_reset_begins_again_for_every_page(ana: Visitor, at: Playground) -> None:
    await at.deliver(ANA, "one", ASK)
    (*_, clock) = await ana.until_clock()
    events = ana.events(last=clock["id"])
    await anext(events)
    assert (await ana.post("reset", {}, key="reset-001"))[0] == 200
    assert (await anext(events))["event"] == "reset"
    assert at.house.kept == []
    await events.aclose()  # type: ignore[attr-defined] # an async generator has it
    await at.deliver(ANA, "new", ASK)
    assert [event.get("key") for event in await ana.until_clock(last=clock["id"])] == [None, "new", None]


# ── Trouble ──


async def test_when_the_door_fails_nothing_is_shown_as_kept_and_no_more_is_said(
    ana: Visitor, at: Playground, caplog: pytest.LogCaptureFixture
) -> None:
    at.door.trouble.append(RuntimeError("secret words"))
    status, answer = await ana.post("say", {"person": "ana", "text": "secret words"})
    assert (status, answer) == (503, {"reason": "Beside could not keep it just now."})
    assert at.house.kept == []
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    assert (await ana.post("say", {"person": "ana", "text": "secret words"}))[0] == 200


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("say", {"person": "nobody", "text": "a"}, 404),
        ("say", {"person": "ana", "text": " \n "}, 400),
        ("say", {"person": "ana"}, 400),
        ("say", {"person": "ana", "text": 7}, 400),
        ("say", b"not json", 400),
        ("say", b'{"person": "ana", "text": "\xff"}', 400),
        ("say", b'{"person": "ana", "text": "\\ud800"}', 400),
        ("say", b"[" * 50_000, 400),
        ("say", {"person": "ana", "text": "a" * 70_000}, 413),
        ("press", press(message="gone"), 404),
        ("press", press(thread="of another"), 404),
        ("press", press(person="p-sam"), 404),
        ("press", press(version=-1), 400),
        ("press", press(version=2**80), 400),
        ("press", press(inputs={"a": 1}), 400),
        ("submit", {"person": "ana", "verb": "keep", "fields": [1]}, 400),
        ("move", {"by": "year", "person": "ana"}, 400),
        ("move", {"by": "hour", "person": "nobody"}, 404),
    ],
)
async def test_what_cannot_be_met_is_said_kindly(
    ana: Visitor, at: Playground, what: str, body: object, status: int
) -> None:
    at.house.show(ANA, "q", ASK)
    found, answer = await ana.post(what, body)
    assert found == status
    assert answer["reason"].endswith(".")
    assert at.door.events == []


@pytest.mark.parametrize("path", ["/?left=nobody", "/playground/nothing", "/playground/stream?people=nobody"])
async def test_an_unknown_address_is_told_so(ana: Visitor, at: Playground, path: str) -> None:
    async with ana.session.get(at.url + path) as response:
        assert response.status == 404


async def test_nul_never_reaches_the_door(ana: Visitor, at: Playground) -> None:
    await ana.post("say", {"person": "ana", "text": "a\x00b\\u0000"})
    (event,) = at.door.events
    assert isinstance(event, Said)
    assert event.text == "ab\\u0000"


# ── The fence ──

AWAY = [
    {"Host": "beside.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "localhost.evil.example:8080"},
    {"Host": "evil@localhost"},
    {"Host": "192.168.1.7:8080"},
    {"Host": "[::ffff:10.0.0.1]"},
    {"Host": "localhost:notaport"},
    {"Host": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"X-Forwarded-For": "203.0.113.9"},
    {"Forwarded": "for=203.0.113.9"},
]


@pytest.mark.parametrize("headers", AWAY)
@pytest.mark.parametrize("path", ["/", "/playground/stream?people=ana", "/playground/style.css"])
async def test_answers_only_this_computer(ana: Visitor, at: Playground, path: str, headers: dict[str, str]) -> None:
    async with ana.session.get(at.url + path, headers=headers) as response:
        assert response.status == 403
        assert "csrf" not in await response.text()


@pytest.mark.parametrize("headers", AWAY)
async def test_takes_nothing_from_elsewhere(ana: Visitor, at: Playground, headers: dict[str, str]) -> None:
    status, _ = await ana.post("say", {"person": "ana", "text": "a"}, **headers)
    assert status == 403
    assert at.door.events == []


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:8080", "127.9.9.9", "[::1]:8080"])
async def test_every_name_of_this_computer_will_do(ana: Visitor, at: Playground, host: str) -> None:
    async with ana.session.get(at.url + "/", headers={"Host": host, "Origin": f"http://{host}"}) as response:
        assert response.status == 200


@pytest.mark.parametrize("what", ["say", "press", "submit", "move", "reset"])
@pytest.mark.parametrize("token", ["", "x" * 43, "ümlaut"])
async def test_no_request_without_the_pages_token(ana: Visitor, at: Playground, what: str, token: str) -> None:
    ana.token = token
    status, answer = await ana.post(what, {"person": "ana", "text": "a"})
    assert (status, answer["reason"][:4]) == (403, "This")
    assert at.door.events == []


async def test_every_answer_carries_its_headers(ana: Visitor, at: Playground) -> None:
    for path in ("/", "/playground/style.css", "/playground/playground.js", "/playground/mark.svg", "/?left=x"):
        async with ana.session.get(at.url + path) as response:
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
            assert "unsafe" not in response.headers["Content-Security-Policy"]
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["Referrer-Policy"] == "no-referrer"
    async with aiohttp.ClientSession() as fresh, fresh.get(at.url + "/") as response:
        cookie = response.headers["Set-Cookie"]
    assert "SameSite=Strict" in cookie
    assert "HttpOnly" in cookie


PATHS = ["/", *(f"/playground/{name}" for name in "say press submit move reset stream style.css x".split())]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(sorted(METH_ALL - {"CONNECT"})),
    path=st.sampled_from(PATHS),
    query=st.dictionaries(st.sampled_from(["left", "right", "people", "after", "x"]), st.text(max_size=20), max_size=3),
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)),
        st.fixed_dictionaries({"person": st.just("ana"), "text": st.text()}),
        st.fixed_dictionaries(
            {"person": st.just("ana"), "verb": st.text(), "fields": st.dictionaries(st.text(), st.text())}
        ),
    ),
    content_type=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "x"]),
    key=st.sampled_from(["", "key-0001", "x" * 200]),
)
async def test_no_request_breaks_it(
    ana: Visitor, method: str, path: str, query: dict[str, str], body: object, content_type: str, key: str
) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": content_type, "X-CSRF-Token": ana.token, "Idempotency-Key": key}
    url = ana.at.url + path
    params = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    async with ana.session.request(method, url, params=params, data=data, headers=headers, allow_redirects=False) as r:
        assert r.status < 500


async def test_own_words_come_back_as_they_were_written(ana: Visitor, at: Playground) -> None:
    def echo(event: FromPlatform) -> Answer:
        assert isinstance(event, Said)
        return OnlyYou(Card(blocks=(Text((Own(event.text, "p-ana"),)),)))

    at.door.reply = echo
    _, answer = await ana.post("say", {"person": "ana", "text": "<b>&amp;</b>"})
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in answer["messages"][1]["html"]
