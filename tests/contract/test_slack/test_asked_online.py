"""`beside doctor --online`, where workspaces let us in by themselves: each is asked, and each has a line of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.doctor import Finding, check
from bot.settings import Settings
from tests.contract.test_slack.lodging import Lodging, lodging
from tests.fakes.slack import APP_TOKEN, Slack
from tests.fakes.slack.oauth import CLIENT_ID, CLIENT_SECRET


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Lodging]:
    """Six workspaces have let us in."""
    async with Slack(echo=False) as slack:
        for name in ("Hillside", "Oak", "Elm", "Ash", "Yew"):
            slack.workspace(name)
        async with lodging(tmp_path, slack, features="groups") as one:
            for workspace in slack.workspaces.values():
                assert (await one.let_in(workspace, workspace.user("kim"))).status == 200
            yield one
        assert slack.state.complaints == []


async def asked(host: Lodging, url: str = "", features: str = "groups", token: str = "") -> list[Finding]:
    settings = Settings(
        slack_app_token=SecretStr(APP_TOKEN), slack_client_id=CLIENT_ID, slack_client_secret=SecretStr(CLIENT_SECRET),
        slack_api_url=url or host.slack.api_url, public_url="http://127.0.0.1:1", slack_features=features,
        slack_bot_token=SecretStr(token) if token else None,
    )  # fmt: skip
    found = await check(settings, host.store, online=True)
    assert not any(one.team.token in str(found) for one in host.slack.workspaces.values())
    return found


def told(found: list[Finding]) -> list[str]:
    return [f"{one.state} {one.what}" for one in found if ": Slack " in one.what or "another workspace" in one.what]


async def test_each_workspace_has_its_line_and_its_mend(host: Lodging) -> None:
    lincoln, hillside, oak, elm, ash, yew = host.slack.workspaces.values()
    before = host.slack.count("auth.test")
    found = await asked(host)
    assert host.slack.count("auth.test") == before + 6
    assert told(found) == [
        f"ok {one.team.name} ({one.id}): Slack knows us, and has granted every scope."
        for one in (lincoln, hillside, oak, elm, ash, yew)
    ]
    assert any(one.what == "This machine's clock is right." for one in found)
    assert sum(one.what == "Slack opens Socket Mode." for one in found) == 1
    hillside.team.status = "revoked"
    oak.team.scopes -= {"im:history", "usergroups:read"}
    elm.team.scopes -= {"usergroups:read"}
    ash.team.status = "uninstalled"
    for result in await yew.uninstall():
        assert result.ok
    found = await asked(host)
    lines = told(found)
    assert lines[0].startswith("ok Lincoln")
    assert lines[1] == f"wrong Hillside ({hillside.id}): Slack refuses its token (token_revoked)."
    assert lines[2] == f"wrong Oak ({oak.id}): Slack has not granted im:history."
    assert lines[3].startswith(f"warn Elm ({elm.id}): Slack has not granted usergroups:read, so fewer ways")
    assert lines[4].startswith(f"wrong Ash ({ash.id}): Slack refuses its token (")
    assert len(lines) == 5  # the sixth said itself that it is gone, and is not asked
    assert any("Yew" in one.what and "removed Beside" in one.what for one in found)
    assert all("http://127.0.0.1:1/slack/install" in one.mend for one in found if "Hillside" in one.what and one.mend)


async def test_a_token_that_speaks_for_another_workspace_is_told(host: Lodging) -> None:
    lincoln, hillside, *_ = host.slack.workspaces.values()
    home = await host.store.home_of("slack", lincoln.id)
    assert home is not None
    await host.store.install(home, "slack", lincoln.id, "Lincoln", hillside.token)
    assert f"wrong Lincoln ({lincoln.id}): its token is that of another workspace." in told(await asked(host))


async def test_slack_away_is_told_of_each_and_what_is_not_wished_for_is_not_missed(host: Lodging) -> None:
    lincoln = host.slack.team
    lincoln.team.scopes -= {"usergroups:read"}
    assert told(await asked(host, features=""))[0].startswith("ok Lincoln")
    away = told(await asked(host, url="http://127.0.0.1:9/api/"))
    assert len([line for line in away if "Slack does not answer" in line]) == 6


async def test_a_whole_enterprise_is_asked_under_its_own_id(host: Lodging) -> None:
    lincoln = host.slack.team
    lincoln.team.enterprise, lincoln.team.wide = "E0001", True
    assert (await host.let_in(lincoln, lincoln.user("kim"))).status == 200
    assert any(line.startswith("ok") and "(E0001)" in line for line in told(await asked(host)))


async def test_the_workspace_of_the_settings_is_asked_once(host: Lodging) -> None:
    before = host.slack.count("auth.test")
    found = await asked(host, token=host.slack.team.token)
    assert host.slack.count("auth.test") == before + 6
    assert any(one.what == f"Slack knows us in {host.slack.team.id}." for one in found)
    assert sum(one.what == "This machine's clock is right." for one in found) == 1
