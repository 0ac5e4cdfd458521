"""The doctor: each thing that is wrong has a line of its own with what to do, and no secret in it."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot import demo
from bot.doctor import Finding, as_json, check, code
from bot.doctor.kept import keys, lags, look, open_as_it_is
from bot.doctor.online import SCOPES, clock, scopes, slack
from bot.doctor.online_teams import teams
from bot.doctor.people import contacts, parked, people, workspaces
from bot.doctor.place import disk, environment, readable, shapes, sqlite_file
from bot.records import Contacts, Person, School
from bot.settings import Settings
from bot.store import Backlog, Store
from bot.store.homes import Home
from bot.vault import Keyring
from tests.support.teams_cloud import APP, TENANT, Cloud, served

KEY = base64.b64encode(bytes(32)).decode()
OTHER = base64.b64encode(bytes([7] * 32)).decode()
CANARY = "canary-9f31"
NOW = datetime(2026, 9, 22, 15, 0, tzinfo=UTC)
ALL = ",".join(sorted(SCOPES))


def settings(**given: object) -> Settings:
    return Settings.model_validate(given)


GUID = "11111111-2222-3333-4444-555555555555"


def with_slack(url: str = "https://slack.com/api/", token: str = "xoxb-1-abc", **given: object) -> Settings:
    return settings(slack_api_url=url, slack_bot_token=token, slack_signing_secret="a" * 32, **given)


def lines(found: list[Finding], state: str = "") -> list[str]:
    return [str(one) for one in found if one.state != "ok" and state in ("", one.state)]


def person(handle: str, role: str = "teacher") -> Person:
    return Person(
        id=handle, organization="o", handle=handle, name=handle, role="coach" if role == "coach" else "teacher",
        school="s", zone="UTC",
    )  # fmt: skip


def school(given: Contacts | None, sample: bool = False) -> School:
    return School(id="s", organization="o", name="Lakeside", zone="UTC", contacts=given, sample=sample)


# ── What it tells the shell ──


@pytest.mark.parametrize(
    ("states", "expected"), [((), 0), (("ok",), 0), (("ok", "warn"), 1), (("warn", "wrong", "ok"), 2)]
)
def test_the_exit_code_is_that_of_the_worst_finding(states: tuple[str, ...], expected: int) -> None:
    named = {"ok": Finding("ok", "a"), "warn": Finding("warn", "a"), "wrong": Finding("wrong", "a")}
    assert code([named[state] for state in states]) == expected


def test_json_holds_the_same_three_things() -> None:
    assert json.loads(as_json([Finding("warn", "a", "b")])) == [{"state": "warn", "what": "a", "mend": "b"}]


# ── The machine and its settings ──


def test_a_variable_nobody_reads_is_named_with_the_one_meant() -> None:
    assert lines(environment(["BESIDE_PROT", "BESIDE_PORT", "BESIDE_TEA"])) == [
        "warn   BESIDE_PROT is read by nobody. Did you mean BESIDE_PORT?",
        "warn   BESIDE_TEA is read by nobody. Take it out.",
    ]


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: with_slack(token=CANARY), "BESIDE_SLACK_BOT_TOKEN has an unusual form. It begins with xoxb-"),
        (lambda: with_slack(slack_app_token=CANARY), "BESIDE_SLACK_APP_TOKEN has an unusual form."),
        (
            lambda: settings(slack_bot_token="xoxb-1", slack_signing_secret=CANARY),
            "BESIDE_SLACK_SIGNING_SECRET has an unusual form. It is 32 letters and digits",
        ),
        (
            lambda: settings(teams_app_id="mine", teams_app_password=CANARY, teams_tenants="t"),
            "BESIDE_TEAMS_APP_ID has an unusual form.",
        ),
        (
            lambda: settings(teams_app_id=GUID, teams_app_password=GUID, teams_tenants=GUID),
            "BESIDE_TEAMS_APP_PASSWORD looks like the id of a secret.",
        ),
        (
            lambda: settings(teams_app_id=GUID, teams_app_password=CANARY, teams_tenants=f"{GUID}, school.example"),
            "BESIDE_TEAMS_TENANTS has an unusual form.",
        ),
        (lambda: with_slack(playground=True), "The playground is on beside a platform"),
        (lambda: with_slack(public_url="http://beside.example"), "BESIDE_PUBLIC_URL is not encrypted."),
        (lambda: settings(playground=False), "Nobody can reach Beside"),
    ],
)
def test_settings_that_can_be_used_and_look_wrong_are_named(made: Callable[[], Settings], told: str) -> None:
    found = "\n".join(lines(shapes(made())))
    assert told in found
    assert CANARY not in found


def test_right_settings_are_one_line() -> None:
    assert shapes(settings()) == [Finding("ok", "The settings are whole, for the playground.")]
    assert shapes(with_slack(public_url="https://beside.example")) == [
        Finding("ok", "The settings are whole, for Slack.")
    ]


@pytest.mark.req("LOCK-6")
def test_a_secret_that_others_may_read_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(CANARY, "utf-8")
    (tmp_path / "token").chmod(0o644)
    found = readable({"BESIDE_SLACK_BOT_TOKEN_FILE": tmp_path / "token", "BESIDE_KEYS_FILE": tmp_path / "none"})
    assert [one.state for one in found] == ["warn"]
    assert "others on this machine may read token (0644)" in str(found[0])
    assert "chmod 600" in found[0].mend
    assert CANARY not in str(found)
    (tmp_path / "token").chmod(0o600)
    assert [one.state for one in readable({"X": tmp_path / "token"})] == ["ok"]


def test_room_on_the_disk_is_told(tmp_path: Path) -> None:
    assert "MiB are free" in disk(tmp_path).what
    assert disk(tmp_path / "nowhere").state == "wrong"


def test_finds_the_file_of_a_sqlite_address() -> None:
    assert sqlite_file(settings(database_url="sqlite:///a/b.sqlite3")) == Path("a/b.sqlite3")
    assert sqlite_file(settings(database_url="sqlite+aiosqlite:////a/b.sqlite3?mode=ro")) == Path("/a/b.sqlite3")
    assert sqlite_file(settings(database_url="postgresql://h/d", keys=f"a:{KEY}")) is None


# ── Who is kept ──


def test_each_missing_contact_is_named() -> None:
    (found,) = contacts([school(None)])
    assert found.state == "wrong"
    assert found.what == "Lakeside has no safeguarding contact, support contact, emergency number and crisis line."
    assert found.mend == "beside school import FILE, with all four contacts."
    assert "Lakeside has no crisis line." in str(contacts([school(Contacts("a", "b", "911", " "))])[0])
    assert [one.state for one in contacts([school(Contacts("a", "b", "911", "988"))])] == ["ok"]


def test_sample_contacts_are_not_taken_for_real_ones() -> None:
    (found,) = contacts([school(Contacts("a", "b", "911", "988"), sample=True)])
    assert found.state == "warn"
    assert "made up" in found.what


def test_an_empty_roster_and_one_without_a_coach_are_named() -> None:
    assert "Nobody is in the roster." in lines(people([], (), ()))[0]
    found = "\n".join(lines(people([person("ana")], {"ana"}, {"ana"})))
    assert "Nobody in the roster is a coach." in found


def test_teachers_without_a_coach_and_people_without_an_account_are_named_a_few_at_a_time() -> None:
    everybody = [person("cleo", "coach"), *(person(f"t{n}") for n in range(9))]
    found = "\n".join(lines(people(everybody, {"t0"}, {"cleo", "t8"})))
    assert "8 with no coach: t1, t2, t3, t4, t5 and 3 more." in found
    assert "8 with no account: t0, t1, t2, t3, t4 and 3 more." in found
    assert lines(people([person("cleo", "coach"), person("ana")], {"ana"}, {"cleo", "ana"})) == []


def test_what_waits_for_long_is_told() -> None:
    quick = Backlog(waiting=3, oldest=20, due_lag=0, parked={})
    assert lines(lags(quick)) == []
    slow = Backlog(waiting=3, oldest=720, due_lag=3600, parked={})
    due, message = lines(lags(slow), "warn")
    assert "The oldest occurrence that is due has waited for 60 minutes." in due
    assert "The oldest message that is ready has waited for 12 minutes." in message


def test_parked_messages_are_counted() -> None:
    assert [one.state for one in parked(0)] == ["ok"]
    assert parked(3)[0].what.startswith("3 messages are parked")
    assert [one.what[:22] for one in parked(0, 2)] == ["2 messages may have ar"]


# ── Slack, asked ──


@asynccontextmanager
async def answering(
    body: object, scopes_granted: str | None = ALL, off: float = 0, status: int = 200, line: object = None
) -> AsyncIterator[str]:
    """A small Slack that knows two methods."""

    async def connections_open(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer xapp-1-abc"
        return web.json_response(line)

    async def auth_test(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer xoxb-1-abc"
        headers = {"Date": format_datetime(datetime.now(UTC) + timedelta(seconds=off), usegmt=True)}
        if scopes_granted is not None:
            headers["x-oauth-scopes"] = scopes_granted
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(text=text, status=status, headers=headers, content_type="application/json")

    app = web.Application()
    app.router.add_post("/api/auth.test", auth_test)
    app.router.add_post("/api/apps.connections.open", connections_open)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


async def test_slack_that_knows_us_is_three_right_lines() -> None:
    async with answering({"ok": True, "team_id": "T1"}) as url:
        found = await slack(with_slack(url))
    assert [one.state for one in found] == ["ok", "ok", "ok"]
    assert "T1" in found[0].what


@pytest.mark.parametrize(
    ("body", "granted", "off", "status", "told"),
    [
        (
            {"ok": False, "error": "invalid_auth"},
            ALL,
            0,
            200,
            "Slack refuses the token (invalid_auth). Install the app again",
        ),
        ({"ok": False, "error": f"x-{CANARY}"}, ALL, 0, 200, "Slack refuses the token (no reason given)."),
        (
            {"ok": True, "team_id": "T1"},
            "commands,im:write",
            0,
            200,
            "Slack has not granted chat:write, im:history, users:read.",
        ),
        ({"ok": True, "team_id": "T1"}, None, 0, 200, "Slack does not say which scopes are granted."),
        ({"ok": True, "team_id": "T1"}, ALL, 3600, 200, "seconds off. Let it follow a time server."),
        ("<html>bad gateway</html>", ALL, 0, 502, "Slack does not answer (JSONDecodeError)."),
        ([1], ALL, 0, 200, "Slack refuses the token (no reason given)."),
    ],
)
async def test_what_slack_says_against_us_is_told_with_its_mend(
    body: object, granted: str | None, off: float, status: int, told: str
) -> None:
    async with answering(body, granted, off, status) as url:
        found = "\n".join(lines(await slack(with_slack(url))))
    assert told in found
    assert CANARY not in found
    assert "xoxb" not in found


@pytest.mark.parametrize(
    ("line", "state", "told"),
    [
        ({"ok": True, "url": f"wss://{CANARY}"}, "ok", "Slack opens Socket Mode."),
        ({"ok": False, "error": "not_allowed_token_type"}, "wrong", "Slack opens no Socket Mode (not_allowed_token_"),
        ([CANARY], "wrong", "Slack opens no Socket Mode (no reason given). Turn Socket Mode on,"),
    ],
)
async def test_whether_socket_mode_opens_is_told(line: object, state: str, told: str) -> None:
    async with answering({"ok": True, "team_id": "T1"}, line=line) as url:
        found = await slack(with_slack(url, slack_app_token="xapp-1-abc"))
    assert found[-1].state == state
    assert told in str(found[-1])
    assert CANARY not in str(found)


async def test_slack_away_is_told() -> None:
    (found,) = await slack(with_slack("http://127.0.0.1:9/api/"))
    assert found.state == "wrong"
    assert found.what.startswith("Slack does not answer (Client")


async def test_nobody_is_asked_without_online() -> None:
    found = await check(with_slack("http://127.0.0.1:9/api/"), None)
    assert not any("does not answer" in one.what for one in found)


def test_a_missing_or_strange_date_says_nothing_of_the_clock() -> None:
    assert clock(NOW, None) == clock(NOW, "yesterday") == []
    assert clock(NOW, format_datetime(NOW - timedelta(seconds=59)))[0].state == "ok"
    assert clock(NOW, format_datetime(NOW - timedelta(seconds=61)))[0].state == "warn"


def test_more_scopes_than_needed_are_fine() -> None:
    assert scopes(f"{ALL},users:read.email").state == "ok"


def test_a_secret_never_stands_in_a_finding() -> None:
    made = with_slack(token=CANARY, slack_app_token=CANARY, keys=f"a:{KEY}")
    assert made.slack_bot_token == SecretStr(CANARY)
    assert CANARY not in as_json(shapes(made))
    assert KEY not in as_json(shapes(made))


def test_a_workspace_that_an_import_named_is_waited_for() -> None:
    since = datetime(1970, 1, 1, tzinfo=UTC)
    home = Home(platform="slack", team="T9", name="T9", since=since, expected=True)
    told = "warn   T9 has not let Beside in yet. Its admin opens /slack/install."
    assert lines(workspaces([home])) == [told]


# ── The database ──


def at(url: str, **given: object) -> Settings:
    return settings(database_url=url, **({"keys": f"k1:{KEY}"} | given))


def inside(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def looked_at(made: Settings) -> list[Finding]:
    """The findings about the database, and nothing about the rest."""
    store, found = await open_as_it_is(made)
    if store is None:
        return found
    try:
        return [*found, *await look(store)]
    finally:
        await store.close()


async def test_looking_makes_no_database_and_no_key(tmp_path: Path) -> None:
    (found,) = await looked_at(settings(database_url=f"sqlite:///{tmp_path / 'none.sqlite3'}"))
    assert (found.state, found.what) == ("warn", "There is no database yet.")
    assert inside(tmp_path) == []


async def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    (found,) = await looked_at(at("postgresql://ana:canary-9f31@127.0.0.1:9/none"))
    assert found.state == "wrong"
    assert "BESIDE_DATABASE_URL" in str(found)
    assert CANARY not in str(found)


@pytest.mark.parametrize("at_head", [False])
async def test_an_empty_an_older_and_a_newer_database_are_told_apart(database_url: str) -> None:
    store = await Store.open(database_url, Keyring.read(f"k1:{KEY}", "test"), migrate=False)
    async with store.engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE anything (id TEXT)")
    assert "wrong  The database is empty." in lines(await looked_at(at(database_url)))[0]
    for version, told in (("0000", "older than this Beside"), ("9999", "newer than this Beside")):
        async with store.engine.begin() as connection:
            await connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))")
            await connection.exec_driver_sql("DELETE FROM alembic_version")
            await connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{version}')")  # noqa: S608 - ours
        (found,) = await looked_at(at(database_url))
        assert found.state == "wrong"
        assert told in found.what
    await store.close()


async def test_a_right_database_with_nobody_in_it_warns_of_nothing_but_that(database_url: str) -> None:
    store = await Store.open(database_url, Keyring.read(f"k1:{KEY}", "test"))
    await store.create_organization("org-1", "Beside")
    await store.close()
    assert [line.partition(".")[0] for line in lines(await looked_at(at(database_url)))] == [
        "warn   Nobody is in the roster"
    ]


async def test_the_master_key_that_rows_need_is_named(database_url: str) -> None:
    store = await Store.open(database_url, Keyring.read(f"old:{KEY}", "test"))
    await store.install("org-1", "slack", "T1", token=CANARY)
    await store.close()
    (found,) = await looked_at(at(database_url))
    assert found.state == "wrong"
    assert "'old'" in found.what
    assert lines(await looked_at(at(database_url, keys=f"k1:{KEY},old:{KEY}")), "wrong") == []
    found, *_ = (one for one in await looked_at(at(database_url, keys=f"k1:{OTHER}")) if one.state == "wrong")
    assert CANARY not in str(found)
    assert OTHER not in str(found)


async def test_some_rows_under_a_lost_master_key_are_counted(database_url: str) -> None:
    for name in ("k1", "old"):
        store = await Store.open(database_url, Keyring.read(f"{name}:{KEY},k1:{KEY}", "test"))
        await store.install(f"org-{name}", "slack", name, token=CANARY)
        await store.close()
    store = await Store.open(database_url, Keyring.read(f"k1:{KEY},old:{KEY}", "test"))
    assert lines(await keys(store, ("k1",))) == ["wrong  1 data keys need the master key 'old'. Add it to BESIDE_KEYS."]
    assert lines(await keys(store, ("k1", "old"))) == []
    await store.close()


async def test_a_key_file_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    made = settings(database_url=f"sqlite:///{tmp_path / 'b.sqlite3'}")
    store = await Store.open(made.database_url.get_secret_value(), Keyring.load(made))
    await store.close()
    (tmp_path / "b.sqlite3.key").unlink()
    (found,) = await looked_at(made)
    assert (found.state, found.what) == ("wrong", "The key file b.sqlite3.key is missing beside the database.")
    assert not (tmp_path / "b.sqlite3.key").exists()


async def test_a_key_file_that_others_may_read_is_told(tmp_path: Path) -> None:
    made = settings(database_url=f"sqlite:///{tmp_path / 'b.sqlite3'}")
    store = await Store.open(made.database_url.get_secret_value(), Keyring.load(made))
    (tmp_path / "b.sqlite3.key").chmod(0o640)
    found = lines(await check(made, store))
    await store.close()
    assert any(
        line.startswith("warn   The key: others on this machine may read b.sqlite3.key (0640).") for line in found
    )


async def test_the_sample_school_is_told_to_be_a_sample(database_url: str) -> None:
    store = await Store.open(database_url, Keyring.read(f"k1:{KEY}", "test"))
    await demo.make(store)
    found = lines(await look(store))
    await store.close()
    assert any("is a sample school: its contacts are made up." in line for line in found)


# ── Teams, asked ──


def with_teams(cloud: Cloud, **given: object) -> Settings:
    made = {
        "teams_app_id": APP, "teams_app_password": "the-secret", "teams_tenants": TENANT, "teams_login_url": cloud.url,
        "teams_openid_url": f"{cloud.url}/v1/.well-known/openidconfiguration",
    } | given  # fmt: skip
    return settings(**made)


@pytest.mark.req("RUN-4")
@pytest.mark.parametrize(
    ("asked", "fault", "told"),
    [
        ("", None, ["ok     Teams' signing keys can be reached.", "ok     The login cloud gives us a token."]),
        ("metadata", 500, ["wrong  Teams' signing keys cannot be reached (status 500)."]),
        ("metadata", "cut", ["wrong  Teams' signing keys cannot be reached (ServerDisconnectedError)."]),
        ("token", 500, ["wrong  The login cloud gives us no token (status 500)."]),
        (
            "token",
            web.json_response({"error": "invalid_client", "error_codes": [7000215], "d": CANARY}, status=401),
            ["wrong  The login cloud gives us no token (status 401). Copy the secret's value again"],
        ),
        (
            "token",
            web.json_response({"error": "x", "error_codes": [1]}, status=400),
            ["Compare application id, secret and tenant"],
        ),
    ],
)
async def test_teams_is_asked_for_its_keys_and_a_token(asked: str, fault: object, told: list[str]) -> None:
    cloud = Cloud()
    async with served(cloud.app()) as cloud.url:
        cloud.status[asked] = [fault, fault] if fault else []
        found = "\n".join(map(str, await teams(with_teams(cloud))))
    assert [one for one in told if one not in found] == [], found
    assert CANARY not in found
    assert "the-secret" not in found


async def test_a_login_cloud_that_is_not_there_is_told() -> None:
    cloud = Cloud()
    cloud.url = "http://127.0.0.1:9"
    assert [one.state for one in await teams(with_teams(cloud))] == ["wrong", "wrong"]
    assert await teams(settings()) == []
