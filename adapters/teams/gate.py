"""The gate: whether a request is Teams' own, for us, from a tenant of ours. All else is refused with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import jwt

from adapters.teams.hosts import allowed
from adapters.teams.keys import Keys
from adapters.teams.payloads import Activity
from bot.doorway import Refused

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
SKEW = 300
LONGEST = 6000
NEEDED = ["exp", "nbf", "iss", "aud", "serviceurl"]
_BEARER = re.compile(r"Bearer ([\w-]+\.[\w-]+\.[\w-]+)", re.ASCII)


class Gate:
    """The `verify` port. There is no way to turn it off."""

    def __init__(self, keys: Keys, app_id: str) -> None:
        self._keys = keys
        self._app_id = app_id

    async def __call__(self, authorization: list[str]) -> Mapping[str, Any]:
        """The claims of the one token, judged before the body is parsed."""
        if not authorization:
            raise Refused(401, "no_token")
        found = _BEARER.fullmatch(authorization[0]) if len(authorization[0]) <= LONGEST else None
        if len(authorization) != 1 or found is None:
            raise Refused(401, "no_bearer")
        token = found[1]
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise Refused(401, "unreadable_token") from None
        kid = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str):
            raise Refused(401, "algorithm")
        key = await self._keys.find(kid)
        if key is None:
            raise Refused(401, "unknown_key")
        if CHANNEL not in key.endorsements:
            raise Refused(401, "endorsement")
        try:
            return claims(token, key.key, self._app_id)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as wrong:
            raise Refused(401, _reason(wrong)) from None


def claims(token: str, key: Any, app_id: str) -> Mapping[str, Any]:  # noqa: ANN401 - a key of the library's
    """Signed with that key, by the one issuer, for us, and now: PyJWT's exceptions where not."""
    if not app_id:
        raise jwt.InvalidAudienceError("no app id")
    return jwt.decode(
        token, key, algorithms=["RS256"], audience=app_id, issuer=ISSUER, leeway=SKEW,
        options={"require": NEEDED, "strict_aud": True, "verify_iat": False},
    )  # fmt: skip


def admit(told: Mapping[str, Any], activity: Activity, login_url: str, tenants: frozenset[str]) -> None:
    """What the token says and what the activity says must be one, from a host and a tenant that are let in."""
    if activity.channel_id != CHANNEL:
        raise Refused(401, "channel")
    if told.get("serviceurl") != activity.service_url or not allowed(activity.service_url, login_url):
        raise Refused(401, "service_url")
    data = activity.channel_data.tenant if activity.channel_data else None
    named = [one.lower() for one in (activity.conversation.tenant_id, data.id if data else None) if one]
    if len(named) != 2 and activity.type in ("message", "invoke"):
        raise Refused(403, "no_tenant")
    if not named or len(set(named)) != 1 or named[0] not in tenants:
        raise Refused(403, "tenant")


def tenants_of(setting: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in setting.split(",") if part.strip())


def _reason(wrong: Exception) -> str:
    """The kind of fault, never its words: they may quote a claim."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(wrong).__name__).lower().removesuffix("_error")
