"""Teams, asked by itself: whether its signing keys can be had, and a token for us."""

from __future__ import annotations

from datetime import UTC, datetime

import aiohttp

from bot.doctor.finding import Finding
from bot.doctor.online import clock
from bot.settings import Settings

_PATIENCE = aiohttp.ClientTimeout(total=10)
_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
_LOGIN = "https://login.microsoftonline.com"
_SCOPE = "https://api.botframework.com/.default"
# What the login cloud says by number, as far as an administrator can mend it.
_MENDS = {
    7000215: "Copy the secret's value again; its id is something else.",
    7000222: "The secret has expired: make a new one.",
    700016: "There is no such app in that tenant: write its own tenant first in BESIDE_TEAMS_TENANTS.",
    90002: "There is no such tenant: copy the directory id again.",
}


async def teams(settings: Settings) -> list[Finding]:
    """The two addresses that everything depends on; what they say is never shown, only what it means."""
    if not (settings.teams_app_id and settings.teams_app_password and settings.teams_tenants):
        return []
    async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
        return [*await _keys(session, settings), *await _token(session, settings)]


async def _keys(session: aiohttp.ClientSession, settings: Settings) -> list[Finding]:
    try:
        async with session.get(settings.teams_openid_url or _METADATA, allow_redirects=False) as answer:
            told = await answer.json(content_type=None)
        there = answer.status == 200 and isinstance(told, dict) and isinstance(told.get("jwks_uri"), str)
        why = "" if there else f"status {answer.status}"
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        why = type(error).__name__
    if why:
        mend = "Check the network, a proxy, and BESIDE_TEAMS_OPENID_URL: without the keys nobody is let in."
        return [Finding("wrong", f"Teams' signing keys cannot be reached ({why}).", mend)]
    return [Finding("ok", "Teams' signing keys can be reached.")]


async def _token(session: aiohttp.ClientSession, settings: Settings) -> list[Finding]:
    secret = settings.teams_app_password
    tenant = settings.teams_tenants.partition(",")[0].strip()
    form = {
        "grant_type": "client_credentials", "client_id": settings.teams_app_id or "", "scope": _SCOPE,
        "client_secret": secret.get_secret_value() if secret else "",
    }  # fmt: skip
    address = f"{(settings.teams_login_url or _LOGIN).rstrip('/')}/{tenant}/oauth2/v2.0/token"
    try:
        async with session.post(address, data=form, allow_redirects=False) as answer:
            here, there = datetime.now(UTC), answer.headers.get("Date")
            told = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        mend = "Check the network, a proxy, and BESIDE_TEAMS_LOGIN_URL."
        return [Finding("wrong", f"The login cloud does not answer ({type(error).__name__}).", mend)]
    if answer.status == 200 and isinstance(told, dict) and told.get("access_token"):
        return [Finding("ok", "The login cloud gives us a token."), *clock(here, there)]
    codes = told.get("error_codes") if isinstance(told, dict) else None
    known = next((code for code in codes if code in _MENDS), None) if isinstance(codes, list) else None
    mend = _MENDS.get(known or 0, "Compare application id, secret and tenant with the app's registration.")
    return [Finding("wrong", f"The login cloud gives us no token (status {answer.status}).", mend), *clock(here, there)]
