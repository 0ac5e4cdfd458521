"""The app as Slack is asked to make it: every command, no more rights than are used, and what the page shows."""

import json
import re
from pathlib import Path

import pytest

from adapters.slack.inbound import PROPOSE
from adapters.slack.listen import EVENTS
from adapters.slack.manifest import FEATURES, PATH, REDIRECT, SCOPES, manifest, scopes
from bot.__main__ import main
from bot.doctor import online
from bot.flows import FLOWS, slash
from tests.contract.slack_manifest import problems
from tests.fakes.slack.state import SCOPES as GRANTED

PAGE = Path(__file__).parents[2] / "docs/slack.md"
ADDRESS = "https://beside.school.example"


def test_has_every_command_of_every_conversation_with_names_left_as_they_are() -> None:
    made = manifest(slash(), ADDRESS)["features"]["slash_commands"]
    assert {one["command"] for one in made} == {f"/{command.name}" for flow in FLOWS for command in flow.commands}
    assert all(one["should_escape"] for one in made)
    assert [one for one in made if "{" in one["description"] + one["usage_hint"]] == []


def test_tells_of_each_word_after_a_command() -> None:
    hints = {name: hint for name, _, hint in slash()}
    assert [one.word for flow in FLOWS for one in flow.commands if one.word and one.word not in hints[one.name]] == []
    assert hints["coteach"].startswith("@ana ")


def test_asks_for_the_scopes_that_are_used_and_the_events_that_are_heard() -> None:
    made = manifest(slash(), ADDRESS)
    assert set(made["oauth_config"]["scopes"]["bot"]) == set(SCOPES) == online.SCOPES == GRANTED
    heard = {name.partition(".")[0] for name in made["settings"]["event_subscriptions"]["bot_events"]}
    assert heard == set(EVENTS)


def test_an_address_is_for_http_and_none_is_for_socket_mode() -> None:
    by_http, by_socket = json.dumps(manifest(slash(), f"{ADDRESS}/")), json.dumps(manifest(slash(), ""))
    assert by_http.count(f'"{ADDRESS}{PATH}"') == 2 + len(slash())
    assert json.loads(by_http)["oauth_config"]["redirect_urls"] == [f"{ADDRESS}{REDIRECT}"]
    assert '"socket_mode_enabled": false' in by_http
    assert '"socket_mode_enabled": true' in by_socket
    assert "http" not in by_socket.replace("https://api.slack.com", "")


@pytest.mark.parametrize("address", ["", ADDRESS])
@pytest.mark.parametrize("features", ["", "email", "groups, channels", "email groups channels"])
def test_is_what_slack_takes(address: str, features: str) -> None:
    assert problems(manifest(slash(), address, features)) == []


def test_what_slack_would_not_take_is_seen() -> None:
    made = manifest(slash(), ADDRESS)
    made["display_information"]["name"] = "x" * 36
    made["features"]["slash_commands"][0]["command"] = "beside"
    made["settings"]["interactivity"]["request_url"] = "beside.school.example"
    made["extra"] = True
    assert len(problems(made)) == 4


def test_more_scopes_are_asked_for_only_where_a_feature_is_on() -> None:
    assert scopes() == SCOPES
    assert online.FEATURES == FEATURES
    assert set(scopes("email")) - set(SCOPES) == {"users:read.email"}
    assert set(scopes("groups channels")) - set(SCOPES) == {"usergroups:read", "channels:read", "groups:read"}


def test_workspaces_may_let_it_in_over_socket_mode_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("PUBLIC_URL", ADDRESS), ("SLACK_CLIENT_ID", "1.2"), ("SLACK_CLIENT_SECRET", "s"),
        ("SLACK_APP_TOKEN", "xapp-1"),
    ):  # fmt: skip
        monkeypatch.setenv(f"BESIDE_{name}", value)
    assert main(["manifest", "slack", "--socket"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["oauth_config"]["redirect_urls"] == [f"{ADDRESS}{REDIRECT}"]
    assert (made["settings"]["org_deploy_enabled"], made["settings"]["socket_mode_enabled"]) == (True, True)
    assert "request_url" not in made["settings"]["event_subscriptions"]
    assert problems(made) == []


def test_a_whole_grid_may_let_it_in_where_there_is_a_way_back() -> None:
    assert manifest(slash(), ADDRESS)["settings"]["org_deploy_enabled"] is True
    assert manifest(slash(), "")["settings"]["org_deploy_enabled"] is False


def test_offers_what_is_listened_to_within_the_limits_of_a_shortcut() -> None:
    made = manifest(slash(), ADDRESS)["features"]
    assert made["app_home"]["home_tab_enabled"]
    assert sorted(one["type"] for one in made["shortcuts"]) == ["global", "message"]
    assert {one["callback_id"] for one in made["shortcuts"]} == {PROPOSE}
    for one in made["shortcuts"]:
        assert len(one["name"]) <= 24
        assert len(one["description"]) <= 150


def test_is_printed_as_the_page_shows_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BESIDE_PUBLIC_URL", raising=False)
    assert main(["manifest", "slack", "--socket"]) == 0
    shown = re.search(r"```json\n(.*?)\n```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shown is not None
    assert capsys.readouterr().out.strip() == shown[1], "print it anew: beside manifest slack --socket"


@pytest.mark.parametrize("address", ["", "http://beside.school.example"])
def test_needs_an_address_that_slack_can_reach(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("BESIDE_PUBLIC_URL", address)
    assert main(["manifest", "slack"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("BESIDE_PUBLIC_URL has to begin with https://")
    monkeypatch.setenv("BESIDE_PUBLIC_URL", ADDRESS)
    assert main(["manifest", "slack"]) == 0
    assert json.loads(capsys.readouterr().out) == manifest(slash(), ADDRESS)
