"""Slack, asked by itself: whether the token is good, what it may do, and what time it is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from pydantic import SecretStr

from bot.doctor.finding import Finding
from bot.settings import Settings

SCOPES = frozenset({"chat:write", "commands", "im:history", "im:write", "users:read"})
# What more is asked for where the settings name it.
FEATURES = {
    "email": ("users:read.email",), "groups": ("usergroups:read",), "channels": ("channels:read", "groups:read"),
}  # fmt: skip
_PATIENCE = aiohttp.ClientTimeout(total=10)
_SOCKET = "Turn Socket Mode on, and copy an app token with connections:write to BESIDE_SLACK_APP_TOKEN."
_INSTALL = "Install the app again and copy the bot token to BESIDE_SLACK_BOT_TOKEN."


async def slack(settings: Settings) -> list[Finding]:
    """What `auth.test` says: no answer, not us, or us with or without every scope. Then whether Socket Mode opens."""
    token = settings.slack_bot_token
    if not settings.slack or token is None:
        return []
    try:
        said, headers = await asked(settings, "auth.test", token)
    except Away as away:
        return [away.finding]
    found = clock_there(headers)
    if not said.get("ok"):
        return [Finding("wrong", f"Slack refuses the token ({word(said.get('error'))}).", _INSTALL), *found]
    known = Finding("ok", f"Slack knows us in {word(said.get('team_id'))}.")
    return [known, scopes(headers.get("x-oauth-scopes"), settings.slack_features), *found, *await socket_mode(settings)]


async def socket_mode(settings: Settings) -> list[Finding]:
    """Whether the app token opens a line. The one that Slack offers is left to run out."""
    token = settings.slack_app_token
    if token is None:
        return []
    try:
        said, _ = await asked(settings, "apps.connections.open", token)
    except Away as away:
        return [away.finding]
    if said.get("ok"):
        return [Finding("ok", "Slack opens Socket Mode.")]
    return [Finding("wrong", f"Slack opens no Socket Mode ({word(said.get('error'))}).", _SOCKET)]


class Away(Exception):
    """Slack gave no answer; the finding says how."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        mend = "Check the network, a proxy, and BESIDE_SLACK_API_URL."
        self.finding = Finding("wrong", f"Slack does not answer ({type(error).__name__}).", mend)


async def asked(settings: Settings, method: str, token: SecretStr) -> tuple[Mapping[str, object], Mapping[str, str]]:
    """What one method says, and the headers it says it with."""
    address = f"{settings.slack_api_url.rstrip('/')}/{method}"
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE, trust_env=True) as session,
            session.post(address, headers={"Authorization": f"Bearer {token.get_secret_value()}"}) as answer,
        ):
            said = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise Away(error) from None
    return said if isinstance(said, dict) else {}, answer.headers


def scopes(granted: str | None, features: str = "") -> Finding:
    """What the app may do against what it needs, and what the settings ask for besides."""
    needed, wished = lacking(granted, features)
    if needed is None:
        return Finding("warn", "Slack does not say which scopes are granted.", "Compare them on the app's pages.")
    if missing := (*needed, *wished):
        mend = "Add them under OAuth & Permissions, and install the app again."
        return Finding("wrong" if needed else "warn", f"Slack has not granted {', '.join(missing)}.", mend)
    return Finding("ok", "Slack has granted every scope that is needed.")


def lacking(granted: str | None, features: str) -> tuple[list[str] | None, list[str]]:
    """Of what is needed and of what is wished for, what was not granted; None where that is not told."""
    if granted is None:
        return None, []
    there = {scope.strip() for scope in granted.split(",")}
    wished = {scope for name in features.replace(",", " ").split() for scope in FEATURES.get(name, ())}
    return sorted(SCOPES - there), sorted(wished - there)


def clock_there(headers: Mapping[str, str]) -> list[Finding]:
    return clock(datetime.now(UTC), headers.get("Date"))


def clock(here: datetime, there: str | None) -> list[Finding]:
    """The clock here against a `Date` header. Slack refuses what is five minutes off."""
    try:
        off = abs((here - parsedate_to_datetime(there or "")).total_seconds())
    except (TypeError, ValueError):
        return []
    if off <= 60:
        return [Finding("ok", "This machine's clock is right.")]
    return [Finding("warn", f"This machine's clock is {off:,.0f} seconds off.", "Let it follow a time server.")]


def word(said: object) -> str:
    """A short code of theirs; nothing else of an answer is shown."""
    word = str(said) if isinstance(said, str) else ""
    return word if word.replace("_", "").isalnum() and len(word) <= 40 else "no reason given"
