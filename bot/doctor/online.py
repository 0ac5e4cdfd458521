"""Slack, asked by itself: whether the token is good, what it may do, and what time it is there."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from bot.doctor.finding import Finding
from bot.settings import Settings

SCOPES = frozenset({"chat:write", "commands", "im:history", "im:write", "users:read"})
_PATIENCE = aiohttp.ClientTimeout(total=10)
_INSTALL = "Install the app again and copy the bot token to BESIDE_SLACK_BOT_TOKEN."


async def slack(settings: Settings) -> list[Finding]:
    """What `auth.test` says. Three kinds of answers: no answer, not us, and us with or without every scope."""
    token = settings.slack_bot_token
    if not settings.slack or token is None:
        return []
    address = settings.slack_api_url.rstrip("/") + "/auth.test"
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.post(address, headers={"Authorization": f"Bearer {token.get_secret_value()}"}) as answer,
        ):
            here = datetime.now(UTC)
            headers = answer.headers
            said = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        mend = "Check the network, a proxy, and BESIDE_SLACK_API_URL."
        return [Finding("wrong", f"Slack does not answer ({type(error).__name__}).", mend)]
    if not isinstance(said, dict) or not said.get("ok"):
        reason = said.get("error") if isinstance(said, dict) else None
        return [
            Finding("wrong", f"Slack refuses the token ({_word(reason)}).", _INSTALL),
            *clock(here, headers.get("Date")),
        ]
    return [
        Finding("ok", f"Slack knows us in {_word(said.get('team_id'))}."),
        scopes(headers.get("x-oauth-scopes")),
        *clock(here, headers.get("Date")),
    ]


def scopes(granted: str | None) -> Finding:
    """What the app may do against what it needs."""
    if granted is None:
        return Finding("warn", "Slack does not say which scopes are granted.", "Compare them on the app's pages.")
    missing = sorted(SCOPES - {scope.strip() for scope in granted.split(",")})
    if missing:
        mend = "Add them under OAuth & Permissions, and install the app again."
        return Finding("wrong", f"Slack has not granted {', '.join(missing)}.", mend)
    return Finding("ok", "Slack has granted every scope that is needed.")


def clock(here: datetime, there: str | None) -> list[Finding]:
    """The clock here against a `Date` header. Slack refuses what is five minutes off."""
    try:
        off = abs((here - parsedate_to_datetime(there or "")).total_seconds())
    except (TypeError, ValueError):
        return []
    if off <= 60:
        return [Finding("ok", "This machine's clock is right.")]
    return [Finding("warn", f"This machine's clock is {off:,.0f} seconds off.", "Let it follow a time server.")]


def _word(said: object) -> str:
    """A short code of theirs; nothing else of an answer is shown."""
    word = str(said) if isinstance(said, str) else ""
    return word if word.replace("_", "").isalnum() and len(word) <= 40 else "no reason given"
