"""The doorstep: a workspace lets us in by OAuth, and whoever stands there is told what became of it.

The state of a request is signed, bound to the browser that began it, used once, and good for ten minutes.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import html
import logging
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from typing import Final, Literal
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp
from aiohttp import web
from msgspec import Struct, structs
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.door import Tally
from adapters.slack.manifest import REDIRECT
from adapters.slack.people import People, profile
from adapters.slack.send import reason
from bot.events import Account, LetIn
from bot.platform import Door, Installed, Installs

INSTALL: Final = "/slack/install"
COOKIE: Final = "beside_install"
LIVES: Final = 600
_NONCE, _TIME, _SIGN = 20, 8, 32  # 60 bytes in all: base64 can write them in one way only
# What whoever stands there can mend by beginning again; anything else is for whoever runs this.
_THEIRS = frozenset("invalid_code code_already_used code_expired access_denied".split())
_SHAPE = re.compile(r"[A-Za-z0-9_-]{80}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Beside</title><style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;
color:#1d2b28;background:#f7f5ef}}a{{color:#22603f}}</style></head>
<body><main><h1>Beside</h1>{paragraphs}</main></body></html>
"""
log = logging.getLogger("beside.slack")
Verdict = Literal["good", "unknown", "expired"]


class OAuth(Struct, frozen=True, kw_only=True):
    """What the app's pages and the settings say about installing. `api_url` is Slack's Web API."""

    client_id: str
    client_secret: str
    public_url: str
    api_url: str
    scopes: tuple[str, ...]

    @property
    def redirect(self) -> str:
        return self.public_url.rstrip("/") + REDIRECT

    @property
    def path(self) -> str:
        """Where the cookie goes: to these two pages, wherever a proxy puts them."""
        return urlsplit(self.public_url).path.rstrip("/") + "/slack"

    def ask(self, state: str) -> str:
        """Slack's page that asks whether we may come in."""
        asked = {"client_id": self.client_id, "scope": ",".join(self.scopes), "redirect_uri": self.redirect}
        return urljoin(self.api_url, "../oauth/v2/authorize") + "?" + urlencode({**asked, "state": state})


def drawn(key: bytes, browser: str, now: float) -> str:
    """A new state for this browser."""
    said = secrets.token_bytes(_NONCE) + int(now + LIVES).to_bytes(_TIME, "big")
    return urlsafe_b64encode(said + _sign(key, said, browser)).decode()


def judged(state: str, key: bytes, browser: str, now: float) -> Verdict:
    """Whether this browser was given this state, and not too long ago."""
    try:
        raw = urlsafe_b64decode(state) if _SHAPE.fullmatch(state) else b""
    except ValueError:
        raw = b""
    said, sign = raw[: _NONCE + _TIME], raw[_NONCE + _TIME :]
    if len(sign) != _SIGN or not browser or not hmac.compare_digest(sign, _sign(key, said, browser)):
        return "unknown"
    return "good" if now <= int.from_bytes(said[_NONCE:], "big") else "expired"


def _sign(key: bytes, said: bytes, browser: str) -> bytes:
    return hmac.digest(key, b"install\0" + said + b"\0" + browser.encode("utf-8", "replace"), hashlib.sha256)


class Doorstep:
    """The two pages. `moved_in` is told of every workspace that has let us in."""

    def __init__(
        self, oauth: OAuth, installs: Installs, client: AsyncWebClient, tally: Tally,
        moved_in: Callable[[Installed], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._oauth = oauth
        self._installs = installs
        self._client = client
        self._tally = tally
        self._moved_in = moved_in
        self._key = hmac.digest(oauth.client_secret.encode(), b"beside install state", hashlib.sha256)

    async def install(self, request: web.Request) -> web.Response:
        """Away to Slack, with a state that only this browser can bring back."""
        browser = request.cookies.get(COOKIE, "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", browser):
            browser = secrets.token_urlsafe(32)
        state = drawn(self._key, browser, time.time())
        gone = web.Response(status=302, headers={**_HEADERS, "Location": self._oauth.ask(state)})
        secure = self._oauth.public_url.startswith("https://")
        gone.set_cookie(
            COOKIE, browser, max_age=LIVES, path=self._oauth.path, httponly=True, secure=secure, samesite="Lax"
        )
        return gone

    async def redirect(self, request: web.Request) -> web.Response:
        """Back from Slack, with a code or with a no."""
        given = {name: request.query.getall(name, []) for name in ("state", "code", "error")}
        if any(len(values) > 1 or len("".join(values)) > 500 for values in given.values()):
            return self._refuse(request, 400, "unknown")
        state, code, error = (next(iter(given[name]), "") for name in ("state", "code", "error"))
        verdict = judged(state, self._key, request.cookies.get(COOKIE, ""), time.time())
        if verdict != "good":
            return self._refuse(request, 400, verdict)
        if not await self._installs.once("slack:install:" + hashlib.sha256(state.encode()).hexdigest()):
            return self._refuse(request, 400, "used")
        if error:
            kind = "denied" if error == "access_denied" else "failed"
            return self._page(request, 200 if kind == "denied" else 400, kind)
        if not code:
            return self._refuse(request, 400, "unknown")
        return await self._exchange(request, code)

    async def _exchange(self, request: web.Request, code: str) -> web.Response:
        oauth = self._oauth
        try:
            told = await self._client.api_call(
                "oauth.v2.access", data={"code": code, "redirect_uri": oauth.redirect},
                headers={"Authorization": aiohttp.encode_basic_auth(oauth.client_id, oauth.client_secret)},
            )  # fmt: skip
        except SlackApiError as refused:
            why = reason(refused)
            if why in _THEIRS:
                return self._refuse(request, 400, "used")
            self._tally.note("oauth", "slack refused an installation: " + (why or "no reason given") + " (%s)")
            return self._page(request, 502, "failed")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError, TypeError) as away:
            log.warning("slack did not answer an installation: %s", type(away).__name__)
            return self._page(request, 503, "away")
        installed = installed_of(told.data)
        if installed is None:
            self._tally.note("oauth", "slack answered an installation without a lasting bot token (%s)")
            return self._page(request, 502, "failed")
        installed = structs.replace(installed, known=await self._known(installed))
        await self._installs.keep(installed)
        await self._moved_in(installed)
        log.info("slack workspace installed")
        return self._page(request, 200, "done")

    async def _known(self, installed: Installed) -> tuple[str, ...]:
        """Those of an earlier import who are of this very workspace: nobody but Slack gives these ids out."""
        bearer = {"Authorization": f"Bearer {installed.token}"}

        async def here(user: str) -> bool:
            try:
                told = await self._client.api_call("users.info", data={"user": user}, headers=bearer)
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError, TypeError):
                return False
            return installed.team in profile(told.get("user")).homes

        asked = await self._installs.awaited("slack")
        found = await asyncio.gather(*map(here, asked))
        return tuple(user for user, there in zip(asked, found, strict=True) if there)

    def _refuse(self, request: web.Request, status: int, kind: str) -> web.Response:
        self._tally.note(f"install_{kind}", "slack installation refused: %s")
        return self._page(request, status, kind)

    def _page(self, request: web.Request, status: int, kind: str) -> web.Response:
        """A few plain words, in the language that the browser asks for."""
        wanted = request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0].strip()
        words = [self._installs.words(f"setup.page_{kind}", wanted)]
        again = self._installs.words("setup.page_again", wanted)
        paragraphs = "".join(f"<p>{html.escape(one)}</p>" for one in words)
        if kind not in ("done", "failed"):
            way = html.escape(self._oauth.public_url.rstrip("/") + INSTALL, quote=True)
            paragraphs += f'<p><a href="{way}">{html.escape(again)}</a></p>'
        language = "es" if wanted.lower().startswith("es") else "en"
        page = _PAGE.format(language=language, paragraphs=paragraphs)
        return web.Response(status=status, text=page, content_type="text/html", headers=_HEADERS)


class Greeting:
    """Whoever let us in is asked who coaches there."""

    def __init__(self, door: Door, people: People) -> None:
        self._door = door
        self._people = people

    async def greet(self, installed: Installed) -> None:
        """The workspace is ours whatever comes of it, so a fault is only said."""
        if not installed.by:
            return
        who = Account(platform="slack", team=installed.team, user=installed.by)
        once = hashlib.sha256((installed.token or "").encode()).hexdigest()[:24]
        try:
            by, _ = await self._people.known(who, installed.team, (installed.team,))
            await self._door.handle(LetIn(key=f"slack:{installed.team}:let-in:{once}", by=by))
        except Exception as failed:  # noqa: BLE001 - the last resort
            log.error("nobody was asked who coaches: %s", type(failed).__name__)


def installed_of(told: object) -> Installed | None:
    """The workspace, or the whole organization on an Enterprise Grid; None where the token would not last."""
    match told:
        case {"access_token": str(token), "token_type": "bot", **rest} if token and not rest.get("refresh_token"):
            pass
        case _:
            return None
    wide = rest.get("is_enterprise_install") is True
    match rest.get("enterprise") if wide else rest.get("team"), rest.get("authed_user"):
        case {"id": str(team), **about}, who if re.fullmatch(r"[A-Z0-9_]{2,40}", team):
            name = about.get("name")
            by = who.get("id") if isinstance(who, dict) else ""
            return Installed(
                platform="slack", team=team, name=name if isinstance(name, str) else team, token=token,
                by=by if isinstance(by, str) else "",
            )  # fmt: skip
        case _:
            return None
