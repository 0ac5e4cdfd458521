"""What people type is nowhere on the disk in clear, and neither it nor a secret is in the log."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest

from tests.fakes.slack import Slack
from tests.support.school import KEYS, School, arrives, files, lincoln, meet, press, until, with_button

CANARY = "marmalade"
TEACHER = tuple(f"{CANARY} {n}: they argued about halves for ages." for n in range(4))
COACH = f"How might {CANARY} 5 sound?"
FOCUS = f"What is {CANARY} 6 worth to them?"
OFF_TOPIC = f"{CANARY} 7 is not a question."
WEB = f"{CANARY} 8 was typed in the playground."
COMMAND = f"tue 10:15 {CANARY} 10"
REFUSED = f"{CANARY} 9 was typed by nobody we know."


async def everything_that_takes_words(school: School) -> None:
    """A stranger, a note, a reflection, a shared step, a command, an offered question, a focus question."""
    ana, sam = school.ana, school.sam
    await school.max.say(REFUSED)
    await ana.say("hello")
    await meet(ana)
    await ana.say(OFF_TOPIC)
    await arrives(ana, "I can help with your weekly reflection")
    await press(ana, "Keep as a note")
    await ana.command("/beside", "now")
    await arrives(ana, "Hi Ana. One question")
    for words, then in zip(TEACHER, ("all for today", "one small thing", "it is helping", "Your step"), strict=True):
        await ana.say(words)
        await arrives(ana, then)
    await press(ana, "Share with Sam")
    await arrives(ana, "Sam will see exactly this")
    await press(ana, "Share the step")
    await arrives(sam, TEACHER[2])
    await sam.command("/coteach", COMMAND)
    await sam.close()
    await sam.command("/coteach", f"@ana {school.iso(1)} 10:15 45m")
    await press(sam, "Change")
    await sam.submit(None, {"question": COACH})
    await until(lambda: COACH in with_button(sam, "Send to Ana").shown)
    await press(sam, "Send to Ana")
    await arrives(ana, COACH)
    await press(ana, "Works for me")
    await arrives(ana, "What are some things you'd like us to be curious about together?")
    await ana.say(FOCUS)
    await arrives(sam, f"Question: “{FOCUS}”")


async def typed_in_the_playground(url: str) -> None:
    """Cleo writes on the page, which is the browser's way without its script."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        page = await (await session.get(url)).text()
        for words in ("hello", WEB):
            token = re.search(r'name="csrf"[^>]*value="([^"]+)"', page)
            key = re.search(r'name="key"[^>]*value="([^"]+)"', page)
            assert token, page[:3000]
            assert key
            form = {"person": "cleo", "csrf": token[1], "key": key[1], "text": words}
            answer = await session.post(f"{url}/playground/say", data=form)
            assert answer.status == 200, await answer.text()
            page = await answer.text()
            assert words in page


def secrets_of(slack: Slack) -> list[str]:
    """What must be in no log: tokens, signing secrets, triggers, and addresses to answer at."""
    state = slack.state
    return [slack.secret, slack.team.token, KEYS, *state.triggers, *state.response_urls, "/hooks/"]


@pytest.mark.req("LOG-1", "KEEP-11")
async def test_no_word_is_on_the_disk_or_in_the_log(tmp_path: Path) -> None:
    settings = {"BESIDE_PLAYGROUND": "1", "BESIDE_KEYS": KEYS}
    async with lincoln(tmp_path, on_web="cleo", clock="playground", **settings) as (school, server):
        await everything_that_takes_words(school)
        await typed_in_the_playground(server.url)
        found = files(tmp_path)
        assert found["beside.sqlite3-wal"], "there is no write-ahead log to look at while it runs"
        await server.stop()
        found |= {f"{name} later": content for name, content in files(tmp_path).items()}
        assert b"Lincoln" in found["beside.sqlite3 later"], "what is not sealed would be found there"
        for name, content in found.items():
            assert CANARY.encode() not in content.lower(), name
        assert [one for one in secrets_of(school.slack) if one in server.log] == []
        assert "Traceback" not in server.log
        assert school.query("select count(*) from reflection") == [(3,)]


async def test_trouble_is_logged_without_words_or_secrets(tmp_path: Path) -> None:
    """Slack fails in three ways, and a conversation meets a database that has lost a table."""
    async with lincoln(tmp_path) as (school, server):
        ana = school.ana
        await meet(ana)
        await ana.command("/beside", "now")
        await arrives(ana, "Hi Ana.", 2)
        for kind in ("500", "garbage", "cut_before"):
            school.slack.fail(kind, "chat.postMessage", times=1)
        school.slack.courier.retry_delays = ()
        school.query("alter table reflection rename to gone")
        assert (await ana.say(TEACHER[0])).statuses == [503]
        command = await school.sam.command("/coteach", f"@ana {school.iso(1)} 10:15 45m {CANARY}")
        assert command.ok
        school.query("alter table gone rename to reflection")
        await ana.say(TEACHER[0])
        await arrives(ana, CANARY)
        await server.stop()
        assert CANARY not in server.log
        assert [one for one in secrets_of(school.slack) if one in server.log] == []
        assert "flow failed: Said" in server.log
        assert "Traceback" not in server.log
