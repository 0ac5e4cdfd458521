"""Workspaces let us in by OAuth, show us out and let us in again; nobody else is touched by it."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from adapters.slack.doorstep import LIVES, drawn, installed_of, judged
from adapters.slack.home import homes_of
from bot.cards import Card, Text
from bot.clock import real
from bot.events import Account
from bot.parting import KEPT, Parting
from bot.platform import Installed, Pace, Parcel, Refused
from bot.records import Person
from tests.contract.test_slack.house import until
from tests.contract.test_slack.lodging import FIRST, Browser, Lodging, lodging
from tests.fakes.slack import Slack, User, Workspace
from tests.fakes.slack.state import Profile

KEY, BROWSER = b"k" * 32, "b" * 43


@pytest.fixture
async def host(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Lodging]:
    async with Slack(echo=False) as slack:
        slack.workspace("Hillside")
        async with lodging(tmp_path, slack, now=getattr(request, "param", None)) as one:
            yield one
        assert slack.state.complaints == []


def parcel(user: User, key: str = "k") -> Parcel:
    return Parcel(
        key=key, organization=FIRST, person="p", to=Account(platform="slack", team=user.team.id, user=user.id),
        card=Card(blocks=(Text((f"Hello, {user.name}.",)),)),
    )  # fmt: skip


# ── The state of a request ──


@pytest.mark.req("DOOR-10")
def test_a_state_is_good_for_its_browser_alone_and_for_ten_minutes() -> None:
    now = time.time()
    state = drawn(KEY, BROWSER, now)
    assert judged(state, KEY, BROWSER, now) == "good"
    assert judged(state, KEY, BROWSER, now + LIVES - 1) == "good"
    assert judged(state, KEY, BROWSER, now + LIVES + 1) == "expired"
    for browser in ("", "c" * 43, BROWSER[:-1], BROWSER + "\udc80"):
        assert judged(state, KEY, browser, now) == "unknown"
    assert judged(state, b"other", BROWSER, now) == "unknown"
    other = "A" if state[5] != "A" else "B"
    for wrong in ("", "x", state[:-8], state + "AAAA", state[:5] + other + state[6:], "é" * 80, "A" * 88, "%00" * 20):
        assert judged(wrong, KEY, BROWSER, now) == "unknown", wrong


def test_whose_an_event_is_stands_in_who_let_us_in() -> None:
    bot = {"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": False}
    assert homes_of({"team_id": "T2", "authorizations": [bot]}) == ("T1", "E1")
    assert homes_of({"team_id": "T1", "authorizations": [bot | {"team_id": None, "is_enterprise_install": True}]}) == (
        "E1",
        "T1",
    )
    assert homes_of({"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "true"}) == ("E1", "T1")
    assert homes_of({"team": {"id": "T1"}, "enterprise": None}) == ("T1",)
    assert homes_of({"team": None, "enterprise": {"id": "E1"}, "is_enterprise_install": True}) == ("E1",)
    oddities: tuple[dict[str, object], ...] = (
        {}, {"team": 5}, {"authorizations": [7]}, {"authorizations": {}}, {"team_id": "a\0b"},
    )  # fmt: skip
    for odd in oddities:
        assert homes_of(odd) == ()


def test_only_a_lasting_token_of_a_bot_is_kept() -> None:
    told = {
        "access_token": "xoxb-1", "token_type": "bot", "team": {"id": "T1", "name": "Lincoln"},
        "authed_user": {"id": "U1"}, "is_enterprise_install": False,
    }  # fmt: skip
    assert installed_of(told) == Installed(platform="slack", team="T1", name="Lincoln", token="xoxb-1", by="U1")
    for change in (
        {"access_token": ""}, {"token_type": "user"}, {"refresh_token": "xoxe-1"}, {"team": None}, {"team": {"id": 5}},
        {"is_enterprise_install": True}, {"team": {"id": "T'1"}},
    ):  # fmt: skip
        assert installed_of(told | change) is None, change
    assert installed_of([]) is None


# ── The two pages ──


async def test_asks_slack_for_what_the_manifest_asks_for(host: Lodging) -> None:
    asked = await host.asked()
    given = parse_qs(urlsplit(asked).query)
    assert asked.startswith(f"{host.slack.url}/oauth/v2/authorize?")
    assert given["redirect_uri"] == ["http://127.0.0.1:1/slack/oauth_redirect"]
    assert given["scope"] == ["chat:write,commands,im:history,im:write,users:read"]
    (cookie,) = host.browser.session.cookie_jar
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/slack")


async def test_a_workspace_lets_us_in_and_each_is_an_organization_of_its_own(host: Lodging) -> None:
    lincoln, hillside = host.slack.workspaces.values()
    ana, zoe = lincoln.user("ana"), hillside.user("zoe")
    kim = lincoln.user("kim")
    shown = await host.let_in(lincoln, kim)
    assert (shown.status, "Beside is installed." in shown.text) == (200, True)
    assert (await host.let_in(hillside, hillside.user("kim"))).status == 200
    assert await host.store.home_of("slack", lincoln.id) == FIRST  # nobody was in it yet
    assert await host.store.home_of("slack", hillside.id) not in (None, FIRST)
    assert await host.token(lincoln.id) == lincoln.token
    assert await host.token(hillside.id) == hillside.token
    for user in (ana, zoe):
        await host.platform.deliver(parcel(user))
        assert [one.shown for one in user.messages()] == [f"Hello, {user.name}."]
        assert (await user.say("hello")).ok
        await until(lambda: len([one for one in user.messages() if one.from_bot]) == 2)  # noqa: B023 - awaited here
    by_team = {call.team for call in host.slack.state.calls if call.method == "users.info"}
    assert by_team == {lincoln.id, hillside.id}
    async with host.store.begin(FIRST) as tx:
        (home,) = await tx.homes()
        assert (home.team, home.name, home.installer) == (lincoln.id, "Lincoln", kim.id)


@pytest.mark.req("DOOR-10")
async def test_a_request_that_is_not_this_browsers_own_installs_nothing(host: Lodging) -> None:
    lincoln = host.slack.team
    back = lincoln.agree(lincoln.user("ana"), await host.asked())
    given = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    other = Browser(host.url)
    await other.open("/slack/install")
    page = "/slack/oauth_redirect"
    tries = [
        await other.open(back),
        await host.browser.open(page),
        await host.browser.open(f"{page}?{urlencode({'code': given['code']})}"),
        await host.browser.open(f"{page}?{urlencode({**given, 'state': 'x' * 80})}"),
        await host.browser.open(f"{page}?{urlencode(given)}&state=again"),
        await host.browser.open(f"{page}?{urlencode({**given, 'code': 'c' * 600})}"),
        await host.browser.open(f"{page}?{urlencode({'error': 'access_denied'})}"),
    ]
    await other.session.close()
    assert [one.status for one in tries] == [400] * 7
    assert all("Nothing was installed." in one.text and "/slack/install" in one.text for one in tries)
    assert host.slack.count("oauth.v2.access") == 0
    assert (await host.browser.open(back)).status == 200
    again = await host.browser.open(back)
    assert (again.status, "used already" in again.text) == (400, True)
    assert host.slack.count("oauth.v2.access") == 1
    assert host.platform.refused["install_unknown"] == 7
    assert host.platform.refused["install_used"] == 1


async def test_a_no_is_a_no_and_what_slack_cannot_do_is_said(host: Lodging) -> None:
    lincoln = host.slack.team
    ana = lincoln.user("ana")
    no = await host.browser.open(lincoln.agree(ana, await host.asked(), no="access_denied"))
    assert (no.status, "Nothing was installed, and nothing is kept." in no.text) == (200, True)
    assert (await host.browser.open(lincoln.agree(ana, await host.asked(), no="server_error"))).status == 400
    for kind, more, status in (
        ("error", {"error": "invalid_code"}, 400), ("error", {"error": "bad_client_secret"}, 502), ("500", {}, 502),
        ("cut_before", {}, 503), ("garbage", {}, 502),
    ):  # fmt: skip
        host.slack.fail(kind, "oauth.v2.access", **more)  # type: ignore[arg-type]  # a table of its arguments
        assert (await host.let_in(lincoln, ana)).status == status, kind
    spanish = await host.browser.open("/slack/oauth_redirect", **{"Accept-Language": "es-MX,es;q=0.9"})
    assert "No se instaló nada." in spanish.text
    assert 'lang="es"' in spanish.text
    assert await host.token(lincoln.id) is None


# ── Coming and going ──


@pytest.mark.parametrize("order", [("app_uninstalled", "tokens_revoked"), ("tokens_revoked", "app_uninstalled")])
async def test_one_goes_and_nothing_of_another_is_touched(host: Lodging, order: tuple[str, str]) -> None:
    lincoln, hillside = host.slack.workspaces.values()
    ana, zoe = lincoln.user("ana"), hillside.user("zoe")
    await host.let_in(lincoln, ana)
    await host.let_in(hillside, zoe)
    lincoln.team.status = "uninstalled"
    for kind in order:
        more = {"tokens": {"oauth": [], "bot": [lincoln.team.bot_user]}} if kind == "tokens_revoked" else {}
        assert (await lincoln.event({"type": kind, **more})).ok
    assert await host.token(lincoln.id) is None
    with pytest.raises(Refused, match="not_installed") as refused:
        await host.platform.deliver(parcel(ana))
    assert refused.value.shut
    assert await host.token(hillside.id) == hillside.token
    await host.platform.deliver(parcel(zoe))
    # And back: a new token, the same organization.
    assert (await host.let_in(lincoln, ana)).status == 200
    assert await host.store.home_of("slack", lincoln.id) == FIRST
    await host.platform.deliver(parcel(ana))
    assert [one.shown for one in ana.messages()] == ["Hello, ana."]


async def imported(host: Lodging, organization: str, *users: User) -> None:
    """A roster named these before any workspace let us in."""
    await host.store.create_organization(organization, organization)
    async with host.store.begin(organization) as tx:
        for user in users:
            who = f"{organization}-{user.name}"
            person = Person(
                id=who, organization=organization, handle=user.name, name=user.name, role="coach", school="",
                zone="UTC", chat="on",
            )  # fmt: skip
            await tx.keep(person)
            await tx.add_account(who, Account(platform="slack", team="*", user=user.id))


async def test_people_of_a_roster_that_came_first_are_those_of_their_own_workspace(host: Lodging) -> None:
    lincoln, hillside = host.slack.workspaces.values()
    ana, zoe = lincoln.user("ana"), hillside.user("zoe")
    await imported(host, FIRST, ana)
    await imported(host, "org-z", zoe)
    # Neither is taken by whoever happens to come first.
    stranger = host.slack.workspace("Stranger")
    stranger.team.status = "uninstalled"
    stranger.user("lee", Profile("", "", "Ana", home_team=lincoln.id))
    assert (await host.let_in(stranger, stranger.user("lee"))).status == 200
    assert await host.store.home_of("slack", stranger.id) not in (None, FIRST, "org-z")
    assert (await host.let_in(hillside, hillside.user("kim"))).status == 200
    assert await host.store.home_of("slack", hillside.id) == "org-z"
    assert (await host.let_in(lincoln, lincoln.user("kim"))).status == 200
    assert await host.store.home_of("slack", lincoln.id) == FIRST
    for user in (ana, zoe):
        assert (await user.say("help")).ok
        await host.settle()
        await until(lambda: [one for one in user.messages() if one.from_bot])  # noqa: B023 - awaited here
        assert "I don't know you yet." not in user.messages()[-1].shown
    # Once a workspace has it, nobody is asked of another.
    asked = host.slack.count("users.info")
    oak = host.slack.workspace("Oak")
    oak.team.status = "uninstalled"
    assert (await host.let_in(oak, oak.user("max"))).status == 200
    assert host.slack.count("users.info") == asked + 1  # whoever let us in


async def test_a_workspace_that_an_import_named_finds_its_people_whoever_they_are(host: Lodging) -> None:
    lincoln, hillside = host.slack.workspaces.values()
    ana = lincoln.user("ana")
    await imported(host, "org-z")
    async with host.store.begin("org-z") as tx:
        await tx.expect("slack", lincoln.id)
    assert (await ana.command("/beside", "help")).ok
    assert (await host.let_in(hillside, hillside.user("kim"))).status == 200
    assert (await host.let_in(lincoln, ana)).status == 200
    assert await host.store.home_of("slack", lincoln.id) == "org-z"
    assert await host.token(lincoln.id) == lincoln.token


@pytest.mark.req("LIFE-6")
async def test_who_comes_back_after_thirty_days_is_met_as_if_for_the_first_time(host: Lodging) -> None:
    lincoln, hillside = host.slack.workspaces.values()
    kim, zoe = lincoln.user("kim"), hillside.user("zoe")
    await host.let_in(lincoln, kim)
    await host.let_in(hillside, zoe)
    for told in await lincoln.uninstall():
        assert told.ok
    later = Parting(host.store, FIRST, lambda: real() + KEPT)
    assert await Parting(host.store, FIRST, real).tick() == 0
    assert await later.tick() == 1
    assert (await kim.command("/beside", "help")).ok
    assert await host.token(hillside.id) == hillside.token
    async with host.store.begin(FIRST) as tx:
        assert await tx.everybody() == ()
    assert (await host.let_in(lincoln, kim)).status == 200
    assert await host.store.home_of("slack", lincoln.id) == FIRST
    async with host.store.begin(FIRST) as tx:
        assert [one.role for one in await tx.everybody()] == ["admin"]


async def test_news_of_the_old_installation_that_come_late_change_nothing(host: Lodging) -> None:
    lincoln = host.slack.team
    ana = lincoln.user("ana")
    await host.let_in(lincoln, ana)
    host.slack.advance(-60)
    lincoln_token = lincoln.token
    assert (await lincoln.event({"type": "app_uninstalled"})).ok
    host.slack.advance(60)
    assert await host.token(lincoln.id) == lincoln_token
    await host.platform.deliver(parcel(ana))


async def test_a_person_whose_own_token_was_revoked_is_no_news_of_ours(host: Lodging) -> None:
    lincoln = host.slack.team
    await host.let_in(lincoln, lincoln.user("ana"))
    assert (await lincoln.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})).ok
    assert await host.token(lincoln.id) == lincoln.token


async def test_a_token_that_another_process_was_given_is_found(host: Lodging) -> None:
    lincoln = host.slack.team
    ana = lincoln.user("ana")
    await host.let_in(lincoln, ana)
    await host.platform.deliver(parcel(ana))
    lincoln.team.token = "xoxb-another"
    await host.store.install(FIRST, "slack", lincoln.id, "Lincoln", "xoxb-another")
    await host.platform.deliver(parcel(ana, "k2"))
    assert len(ana.messages()) == 2
    lincoln.team.status = "revoked"
    with pytest.raises(Refused, match="token_revoked") as refused:
        await host.platform.deliver(parcel(ana, "k3"))
    assert refused.value.shut


@pytest.mark.req("KEEP-4", "LOG-1")
async def test_where_the_tokens_cannot_be_read_slack_is_asked_to_tell_it_again(
    host: Lodging, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(tmp_path / "beside.sqlite3")) as file:
        file.execute("alter table installation rename to elsewhere")
    kim = host.slack.team.user("kim")
    host.slack.courier.retry_delays = ()
    assert (await kim.say("canary-words")).statuses == [503]
    with closing(sqlite3.connect(tmp_path / "beside.sqlite3")) as file:
        file.execute("alter table elsewhere rename to installation")
    assert (await kim.say("canary-words")).statuses == [200]
    assert "canary" not in caplog.text
    assert "Traceback" not in caplog.text


async def test_who_comes_from_where_nobody_let_us_in_is_answered_kindly_where_we_can(host: Lodging) -> None:
    lincoln = host.slack.team
    ana = lincoln.user("ana")
    answer = await ana.command("/beside", "help")
    assert answer.shown is not None
    assert answer.shown.shown.startswith("I don't know you yet.")
    assert (await ana.say("hello")).ok
    assert [one for one in ana.messages() if one.from_bot] == []
    assert host.slack.count("users.info") == 0


async def test_a_whole_enterprise_lets_us_in_at_once(host: Lodging) -> None:
    lincoln = host.slack.team
    lincoln.team.enterprise, lincoln.team.wide = "E0001", True
    ana, max_ = lincoln.user("ana"), lincoln.user("max", Profile("", "", "Max", home_team="T9999"))
    assert (await host.let_in(lincoln, lincoln.user("kim"))).status == 200
    assert await host.store.home_of("slack", "E0001") == FIRST
    assert await host.token(lincoln.id) is None
    assert (await ana.say("hello")).ok
    await until(lambda: [one for one in ana.messages() if one.from_bot])
    assert ana.messages()[-1].shown.startswith("I don't know you yet.")
    assert (await max_.say("hello")).ok
    await until(lambda: [one for one in max_.messages() if one.from_bot])
    assert max_.messages()[-1].shown.startswith("I only work with people of this workspace")
    to = Account(platform="slack", team="E0001", user=ana.id)
    await host.platform.deliver(Parcel(key="k", organization=FIRST, person="p", to=to, card=parcel(ana).card))
    assert (await lincoln.event({"type": "app_uninstalled"})).ok
    assert await host.token("E0001") is None


async def test_the_workspace_of_the_settings_token_belongs_to_the_first_organization(tmp_path: Path) -> None:
    async with Slack(echo=False) as slack:
        lincoln, hillside = slack.team, slack.workspace("Hillside")
        async with lodging(tmp_path, slack, token=lincoln.token) as host:
            lincoln.install()
            await until(lambda: host.platform.team)
            await host.platform.deliver(parcel(lincoln.user("ana")))
            assert (await host.let_in(hillside, hillside.user("zoe"))).status == 200
            assert await host.store.home_of("slack", lincoln.id) == FIRST
            assert await host.store.home_of("slack", hillside.id) != FIRST


async def test_two_that_come_at_once_to_an_empty_house_are_two_organizations(host: Lodging) -> None:
    lincoln, hillside = host.slack.workspaces.values()
    ways = [workspace.agree(workspace.user("kim"), await host.asked()) for workspace in (lincoln, hillside)]
    seen = await asyncio.gather(*(host.browser.open(way) for way in ways))
    assert [one.status for one in seen] == [200, 200]
    homes = {await host.store.home_of("slack", one.id) for one in (lincoln, hillside)}
    assert len(homes) == 2
    assert FIRST in homes


async def waiting(host: Lodging, workspace: Workspace, *names: str) -> list[User]:
    """These people are known in that workspace, and a line waits for each."""
    organization = await host.store.home_of("slack", workspace.id)
    assert organization is not None
    users = [workspace.user(name) for name in names]
    async with host.store.begin(organization) as tx:
        for user in users:
            who = f"{organization}-{user.name}"
            person = Person(
                id=who, organization=organization, handle=user.name, name=user.name, role="teacher", school="",
                zone="UTC", chat="on",
            )  # fmt: skip
            await tx.keep(person)
            await tx.add_account(who, Account(platform="slack", team=workspace.id, user=user.id))
            await tx.post(
                key=f"{who}-line", person=who, kind="say", name="", thread="t", card=parcel(user).card,
                at=host.engine._now(), expires_at=None, priority=1,  # noqa: SLF001 - the clock of this house
            )  # fmt: skip
    return users


@pytest.mark.req("KEEP-7", "KEEP-8")
@pytest.mark.parametrize("host", [real], indirect=True)
async def test_a_token_that_opens_nothing_rests_its_workspace_after_one_try_until_it_is_let_in(host: Lodging) -> None:
    lincoln, hillside = host.slack.workspaces.values()
    host.platform.pace = Pace(start=100.0, most=100.0, conversation=0.0)
    for workspace in (lincoln, hillside):
        await host.let_in(workspace, workspace.user("kim"))
    await host.settle()
    theirs = await waiting(host, lincoln, "ana", "ben", "cleo")
    (zoe,) = await waiting(host, hillside, "zoe")
    lincoln.team.status = "revoked"
    await host.settle()
    refused = [call for call in host.slack.state.calls if call.error == "token_revoked"]
    assert len(refused) == 1
    assert [one.shown for one in zoe.messages()] == ["Hello, zoe."]
    async with host.store.clock() as clock:
        assert [one.reason for one in await clock.parked()] == ["token_revoked"] * 3
    assert (await host.let_in(lincoln, lincoln.user("kim"))).status == 200
    await host.settle()
    assert [[one.shown for one in user.messages()] for user in theirs] == [[f"Hello, {u.name}."] for u in theirs]
    assert set(host.slack.state.keys().values()) == {1}
