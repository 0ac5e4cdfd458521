"""Installing: the page where somebody lets the app in, and the exchange of what they send it back with."""

import base64
import binascii
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.slack.refusal import Refused
from tests.fakes.slack.screen import NotOnScreen
from tests.fakes.slack.shapes import Json, text
from tests.fakes.slack.state import Code, State, Team

CLIENT_ID: Final = "1111.2222"
CLIENT_SECRET: Final = "a-client-secret-that-only-tests-know"
CODE_LIVES: Final = 600.0


def agreed(state: State, team: Team, user: str, address: str, *, no: str = "") -> str:
    """Somebody opens Slack's page at this address, and says yes (or `no`): where their browser goes then."""
    asked = {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}
    if urlsplit(address).path != "/oauth/v2/authorize":
        raise NotOnScreen(f"{address} is not where Slack asks")
    if asked.get("client_id") != CLIENT_ID or not asked.get("scope") or not asked.get("redirect_uri"):
        raise NotOnScreen(f"Slack shows an error for {sorted(asked)}")
    carried = {"state": asked["state"]} if "state" in asked else {}
    if no:
        return f"{asked['redirect_uri']}?{urlencode({'error': no, **carried})}"
    code = state.make_id("code-")
    scopes = set(asked["scope"].split(","))
    state.codes[code] = Code(team.id, user, asked["redirect_uri"], scopes, state.now())
    return f"{asked['redirect_uri']}?{urlencode({'code': code, **carried})}"


def access(state: State, basic: str, fields: Json) -> Json:
    """`oauth.v2.access`: a new token for the workspace, and the app is in it."""
    try:
        known, _, secret = base64.b64decode(basic, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        known, secret = "", ""
    known, secret = known or text(fields.get("client_id")), secret or text(fields.get("client_secret"))
    if known != CLIENT_ID:
        raise Refused("invalid_client_id")
    if secret != CLIENT_SECRET:
        raise Refused("bad_client_secret")
    code = state.codes.get(text(fields.get("code")))
    if code is None or state.now() - code.made_at > CODE_LIVES:
        raise Refused("invalid_code")
    if code.used:
        raise Refused("code_already_used")
    if text(fields.get("redirect_uri")) != code.redirect:
        raise Refused("bad_redirect_uri")
    code.used = True
    team = state.teams[code.team]
    team.status, team.scopes, team.token = "installed", set(code.scopes), f"xoxb-fake-{team.id}-{state.make_id('')}"
    above = {"id": team.enterprise, "name": f"{team.name} District"} if team.enterprise else None
    return {
        "access_token": team.token, "token_type": "bot", "scope": ",".join(sorted(team.scopes)),
        "bot_user_id": team.bot_user, "app_id": team.app_id, "is_enterprise_install": team.wide,
        "team": None if team.wide else {"id": team.id, "name": team.name}, "enterprise": above,
        "authed_user": {"id": code.user},
    }  # fmt: skip
