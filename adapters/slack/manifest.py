"""The app as Slack is asked to make it: what it may do, what it hears of, which commands it has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapters.slack.inbound import PROPOSE

PATH = "/slack/events"
REDIRECT = "/slack/oauth_redirect"
SCOPES = ("chat:write", "commands", "im:history", "im:write", "users:read")
# Asked for only where the setting names them (BESIDE_SLACK_FEATURES).
FEATURES = {
    "email": ("users:read.email",),
    "groups": ("usergroups:read",),
    "channels": ("channels:read", "groups:read"),
}
EVENTS = ("app_home_opened", "app_uninstalled", "message.im", "team_join", "tokens_revoked", "user_change")
HINT = 1000
# In English, as a whole workspace sees one list of them.
PROPOSE_A_TIME = "Propose a time"
SHORTCUTS = (
    ("global", "Offer a visit: who, when, how long, which part"),
    ("message", "Offer a visit to whoever wrote this, at the time it names"),
)


def scopes(features: str = "") -> tuple[str, ...]:
    """What is asked for, with these features (`email, groups`)."""
    wanted = features.replace(",", " ").split()
    return (*SCOPES, *(scope for name, more in FEATURES.items() if name in wanted for scope in more))


def manifest(
    commands: Iterable[tuple[str, str, str]], public_url: str, features: str = "", back: str = ""
) -> dict[str, Any]:
    """For these commands (name, what it does, what may follow it). Without an address it is for Socket Mode.

    `back` is the address that a browser comes back to from an installation, where it is not the same.
    """
    back = back or public_url
    address = {} if not public_url else {"url": public_url.rstrip("/") + PATH}
    requests = {} if not public_url else {"request_url": address["url"]}
    installs = {} if not back else {"redirect_urls": [back.rstrip("/") + REDIRECT]}
    return {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": "Beside",
            "description": "Asks one short question a week, and sets up visits between a teacher and a coach.",
            "background_color": "#22403a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Beside", "always_online": True},
            "shortcuts": [
                {"name": PROPOSE_A_TIME, "type": kind, "callback_id": PROPOSE, "description": does}
                for kind, does in SHORTCUTS
            ],
            "slash_commands": [
                {
                    "command": f"/{name}",
                    **address,
                    "description": does,
                    "usage_hint": hint[:HINT],
                    "should_escape": True,
                }
                for name, does, hint in commands
            ],
        },
        "oauth_config": {**installs, "scopes": {"bot": list(scopes(features))}},
        "settings": {
            "event_subscriptions": {**requests, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **requests},
            "org_deploy_enabled": bool(back),
            "socket_mode_enabled": not public_url,
            "token_rotation_enabled": False,
        },
    }
