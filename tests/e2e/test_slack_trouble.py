"""What comes again, comes forged or cannot be read, and a server that cannot start: nothing doubles or leaks."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.fakes.slack import Delivery
from tests.support.process import beside
from tests.support.school import KEYS, School, arrives, lincoln, meet, press, read, told, until, with_button

AGAIN = (Delivery(times=3), Delivery(copies=20))


async def rows(url: str, table: str) -> int:
    sql = f"select count(*) from {table}"  # noqa: S608 - names of ours
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60)) as file:
            return int(file.execute(sql).fetchone()[0])
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
    try:
        async with engine.connect() as connection:
            return int((await connection.execute(text(sql))).scalar_one())
    finally:
        await engine.dispose()


@contextmanager
def locked(school: School) -> Iterator[None]:
    """Somebody else writes to the SQLite file and does not let go."""
    with closing(sqlite3.connect(school.server.folder / "beside.sqlite3", isolation_level=None)) as file:
        file.execute("begin immediate")
        yield
        file.execute("rollback")


@pytest.mark.req("ONCE-1", "ONCE-2", "ONCE-3", "ONCE-4")
@pytest.mark.parametrize("way", ["http", "socket"])
@pytest.mark.parametrize("how", AGAIN, ids=["three times", "twenty at once"])
async def test_everything_is_delivered_again_and_happens_once(
    tmp_path: Path, database_url: str, how: Delivery, way: str
) -> None:
    async with lincoln(tmp_path, way=way, BESIDE_DATABASE_URL=database_url, BESIDE_KEYS=KEYS) as (school, _):
        sam, ana = school.sam, school.ana
        # Words.
        said = await school.cleo.say("hello", how=how)
        assert set(said.statuses) == {200}
        stranger = await school.max.say("hello", how=how)
        assert set(stranger.statuses) == {200}
        await arrives(school.cleo, "Hi Cleo, I'm Beside", 1)
        await arrives(school.max, "I don't know you yet.", 1)
        await meet(ana)
        await ana.command("/beside", "now", how=how)
        await arrives(ana, "Hi Ana.", 2)
        await ana.say("They argued about halves for ages.", how=how)
        await arrives(ana, "They argued about halves for ages.", 3)
        assert await rows(database_url, "reflection") == 1
        # A command.
        asked = await sam.command("/coteach", f"@ana {school.iso(1)} 10:15 45m launch", how=how)
        assert set(asked.statuses) == {200}
        assert len(set(asked.bodies)) == 1
        # A press.
        sent = await sam.press(with_button(sam, "Send to Ana"), "Send to Ana", how=how)
        assert set(sent.statuses) == {200}
        invitation = await arrives(ana, "From Sam", 4)
        assert await rows(database_url, "slot") == 1
        yes = await ana.press(invitation, "Works for me", how=how)
        assert set(yes.statuses) == {200}
        assert invitation.shown.startswith("Booked")
        booked = await arrives(sam, "Booked", 1)
        assert await rows(database_url, "booking") == 2
        # A form, first wrong and then right.
        await sam.press(booked, "Move it")
        wrong = await sam.submit(None, {"minutes": "3"}, how=how)
        assert wrong.errors == {"minutes": "A visit is 5 to 240 minutes."}
        assert (set(wrong.statuses), len(set(wrong.bodies))) == ({200}, 1)
        right = await sam.submit(None, {"minutes": "45", "time": "13:00"}, how=how)
        assert (set(right.statuses), set(right.bodies)) == ({200}, {b""})
        await arrives(ana, "Sam asks for another time")
        await arrives(sam, "You will hear as soon as Ana answers.", 2)
        assert len([one for one in read(ana) if "Sam asks for another time" in one]) == 1
        assert (await rows(database_url, "slot"), await rows(database_url, "booking")) == (1, 2)
        assert [key for key, count in school.slack.state.keys().items() if count > 1] == []


async def test_a_conversation_goes_on_while_its_lines_are_changed_and_cut(tmp_path: Path) -> None:
    async with lincoln(tmp_path, way="socket") as (school, _):
        sam, ana, board = school.sam, school.ana, school.slack.switchboard
        school.slack.courier.retry_delays = (0.3, 1.0, 3.0)
        await meet(ana)
        leaving = asyncio.create_task(board.goodbye("warning", grace=1.0))
        await ana.command("/beside", "now")
        await arrives(ana, "Hi Ana.", 2)
        saying = asyncio.create_task(ana.say("They argued about halves for ages."))
        await asyncio.sleep(0)
        board.drop()
        assert 200 in (await saying).statuses
        await arrives(ana, "They argued about halves for ages.", 3)
        await leaving
        await board.linked()
        assert (await sam.command("/coteach", f"@ana {school.iso(1)} 10:15 45m launch")).ok
        await board.goodbye("refresh_requested", grace=0.1)
        await board.linked()
        await press(sam, "Send to Ana")
        board.drop(one=True)
        await arrives(ana, "From Sam", 4)
        await until(lambda: board.lines and not any(line.leaving for line in board.lines))
        await press(ana, "Works for me")
        await arrives(sam, "Booked", 1)
        assert school.query("select count(*) from reflection") == [(1,)]
        assert school.query("select count(*) from booking") == [(2,)]
        assert [key for key, count in school.slack.state.keys().items() if count > 1] == []


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with lincoln(tmp_path) as (one, _):
        yield one


@pytest.mark.req("DOOR-1")
@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")  # that is what this test is about
async def test_a_forged_stale_or_swollen_request_is_turned_away_and_leaves_nothing(school: School) -> None:
    await meet(school.ana)
    tables = "select (select count(*) from seen), (select count(*) from thread), (select count(*) from outbox)"
    before = school.query(tables)
    for how in (
        Delivery(forged=True),
        Delivery(tampered=True),
        Delivery(unsigned=True),
        Delivery(skew=-301),
        Delivery(skew=301),
    ):
        assert (await school.ana.say("canary-forged", how=how)).statuses == [401]
        assert (await school.sam.command("/coteach", "@ana tue 10:15", how=how)).statuses == [401]
    school.slack.courier.retry_delays = ()
    assert (await school.ana.say("x" * 1_100_000)).statuses == [413]
    assert school.query(tables) == before
    assert "canary" not in school.server.log
    assert "Traceback" not in school.server.log


async def test_what_cannot_be_read_is_asked_for_and_what_is_odd_is_kept_as_it_is(school: School) -> None:
    sam, ana = school.sam, school.ana
    await meet(ana)
    for typed, sentence in (
        ("%%% ??? 99:99", "What time is it?"),
        (f"@ana {school.iso(-3)} 10:15 45m", "That time is behind us. Which day instead?"),
        (f"@ana {school.iso(1)} 10:15 900m", "A visit is 5 to 240 minutes."),
        ("x" * 3000, "Who is it with?"),
    ):
        assert (await sam.command("/coteach", typed)).ok, typed
        form = sam.view()
        assert form is not None, typed
        assert sentence in form.shown, (typed, form.shown)
        await sam.close()
    await ana.command("/beside", "now")
    await arrives(ana, "Hi Ana.", 2)
    odd = "**bold** <!channel> & \u202eback\u202c 👩‍🏫 `code`\nline two"
    assert (await ana.say(odd)).ok
    await until(lambda: len(read(ana)) == 3)
    assert not any("<!channel>" in one.text for one in told(ana))
    assert (await ana.say("long " * 7000)).ok
    await until(lambda: len(read(ana)) == 4, lambda: len(read(ana)))


async def test_a_locked_database_loses_nothing(school: School) -> None:
    ana, sam = school.ana, school.sam
    await meet(ana)
    await ana.command("/beside", "now")
    await arrives(ana, "Hi Ana.", 2)
    school.slack.courier.retry_delays = (0.5, 1.0, 2.0)
    with locked(school):
        saying = asyncio.create_task(ana.say("They argued about halves for ages."))
        asking = asyncio.create_task(sam.command("/coteach", f"@ana {school.iso(1)} 10:15 45m"))
        await asyncio.sleep(4)
    said, asked = await asyncio.gather(saying, asking)
    assert 200 in said.statuses
    assert asked.statuses == [200]
    await arrives(ana, "They argued about halves for ages.", 3)
    await until(lambda: "Send to Ana" in with_button(sam, "Send to Ana").buttons)
    assert school.query("select count(*) from reflection") == [(1,)]


SLACK = {"BESIDE_SLACK_SIGNING_SECRET": "canary-secret", "BESIDE_SLACK_BOT_TOKEN": "xoxb-canary"}
WRONG = (
    ({"BESIDE_SLACK_BOT_TOKEN": "xoxb-canary"}, "BESIDE_SLACK_SIGNING_SECRET is missing"),
    ({**SLACK, "BESIDE_PORT": "eighty"}, "BESIDE_PORT takes a whole number"),
    ({**SLACK, "BESIDE_SLACK_API_URL": "http://slack.example/"}, "BESIDE_SLACK_API_URL would send a secret in clear"),
    ({**SLACK, "BESIDE_PLAYGROUND": "1", "BESIDE_HOST": "0.0.0.0"}, "BESIDE_HOST lets others in"),  # noqa: S104 - refused
    ({**SLACK, "BESIDE_DATABASE_URL": "postgresql://u:canary@127.0.0.1:9/x"}, "BESIDE_KEYS or BESIDE_KEYS_FILE"),
    ({**SLACK, "BESIDE_DATABASE_URL": "mysql://u:canary@h/x"}, "BESIDE_DATABASE_URL takes"),
    ({**SLACK, "BESIDE_KEYS": "canary"}, "BESIDE_KEYS takes id:base64"),
    ({**SLACK, "BESIDE_SLACK_BOT_TOKEN": "", "BESIDE_SLACK_BOT_TOKEN_FILE": "nowhere"}, "_FILE names a file that"),
    ({**SLACK, "BESIDE_KEYS": KEYS, "BESIDE_DATABASE_URL": "postgresql://u:canary@127.0.0.1:9/x"}, "database"),
)  # fmt: skip


@pytest.mark.parametrize(("settings", "line"), WRONG, ids=[line for _, line in WRONG])
async def test_a_wrong_setting_is_one_line_and_exit_code_two(
    tmp_path: Path, settings: dict[str, str], line: str
) -> None:
    ended = await beside(tmp_path, "serve", **settings)
    assert (ended.code, ended.out) == (2, ""), ended
    assert line in ended.err
    assert len(ended.err.splitlines()) == 1, ended.err
    assert "canary" not in ended.err


async def test_a_taken_port_and_a_file_in_use_are_said_in_one_line(school: School, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    port = school.server.url.rpartition(":")[2]
    taken = await beside(other, "serve", **SLACK, BESIDE_PORT=port)
    assert (taken.code, len(taken.err.splitlines())) == (2, 1), taken
    assert "Set BESIDE_PORT to a free one." in taken.err
    second = await beside(school.server.folder, "serve", **SLACK, BESIDE_PORT="0")
    assert (second.code, len(second.err.splitlines())) == (2, 1), second
    assert "BESIDE_DATABASE_URL" in second.err
    await meet(school.ana)  # the one that was there first has noticed nothing
