"""A very small cloud for Teams' gate and wire: signing keys, a login, and a connector that answers what it is told."""

from __future__ import annotations

import asyncio
import base64
import io
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr

from adapters.teams.connection import TeamsPlatform, connect
from bot.cards import NOTHING, Answer
from bot.events import FromPlatform
from bot.flows import vocabulary
from bot.settings import Settings

APP = "11111111-2222-3333-4444-555555555555"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SECOND = "99999999-bbbb-cccc-dddd-eeeeeeeeeeee"
ISSUER = "https://api.botframework.com"
ANA = "0a0a0a0a-1111-2222-3333-444444444444"


class Key:
    def __init__(self, kid: str, endorsements: tuple[str, ...] = ("msteams",)) -> None:
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.endorsements = endorsements

    def public(self) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        parts = {name: _b64(getattr(numbers, name)) for name in ("n", "e")}
        return {"kty": "RSA", "use": "sig", "kid": self.kid, **parts, "endorsements": list(self.endorsements)}


def _b64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode().rstrip("=")


class Recorder:
    """A door that writes down who came, and answers what the test chooses."""

    def __init__(self) -> None:
        self.events: list[FromPlatform] = []
        self.answer: Callable[[FromPlatform], Answer] = lambda _: NOTHING
        self.fails: Exception | None = None

    async def handle(self, event: FromPlatform) -> Answer:
        self.events.append(event)
        if self.fails is not None:
            raise self.fails
        return self.answer(event)


class Cloud:
    """Everything of Microsoft's that we speak with, on one loopback port."""

    def __init__(self, *keys: Key) -> None:
        self.keys = [*keys] or [Key("first")]
        self.asked: list[str] = []
        self.written: list[tuple[str, str, dict[str, Any]]] = []
        self.member: dict[str, Any] = {"id": "29:ana", "tenantId": TENANT, "userRole": "user"}
        self.tokens = 0
        self.delay = 0.0
        self.status: dict[str, list[Any]] = {}
        self.url = ""

    @property
    def service(self) -> str:
        return f"{self.url}/teams/"

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/v1/.well-known/openidconfiguration", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_route("*", "/teams/{path:.*}", self._connector)
        return app

    async def _said(self, request: web.Request, what: str) -> web.StreamResponse | None:
        self.asked.append(what)
        await asyncio.sleep(self.delay)
        if not self.status.get(what):
            return None
        told = self.status[what].pop(0)
        if told == "cut":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if isinstance(told, web.StreamResponse):
            return told
        return web.Response(status=told)

    async def _metadata(self, request: web.Request) -> web.StreamResponse:
        told = {"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"}
        return await self._said(request, "metadata") or web.json_response(told)

    async def _keys(self, request: web.Request) -> web.StreamResponse:
        return await self._said(request, "keys") or web.json_response({"keys": [key.public() for key in self.keys]})

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = dict(await request.post())
        right = (form.get("client_id"), form.get("client_secret"), form.get("scope"))
        assert right == (APP, "the-secret", "https://api.botframework.com/.default")
        assert request.match_info["tenant"] == TENANT
        self.tokens += 1
        told = {"token_type": "Bearer", "expires_in": 3600, "access_token": f"token-{self.tokens}"}
        return await self._said(request, "token") or web.json_response(told)

    async def _connector(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer token-{self.tokens}":
            return web.Response(status=401)
        if request.method == "GET":
            return await self._said(request, "member") or web.json_response(self.member)
        body = await request.json() if request.can_read_body else {}
        told = await self._said(request, "write")
        if told is not None and told.status >= 300:
            return told
        self.written.append((request.method, request.raw_path, body))
        return told or web.json_response({"id": f"m{len(self.written)}"}, status=201)

    # ── What Teams sends ──

    def claims(self, **changed: object) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": APP, "nbf": now - 60, "exp": now + 3600, "serviceurl": self.service}
        return {name: value for name, value in (claims | changed).items() if value is not None}

    def token(self, key: Key | None = None, **changed: object) -> str:
        key = key or self.keys[0]
        return jwt.encode(self.claims(**changed), key.private, algorithm="RS256", headers={"kid": key.kid})

    def activity(self, text: str | None = "hello", **changed: object) -> dict[str, Any]:
        body = {
            "type": "message", "id": "1485983408511", "channelId": "msteams", "serviceUrl": self.service,
            "from": {"id": "29:ana", "name": "Ana Ruiz", "aadObjectId": ANA},
            "recipient": {"id": f"28:{APP}", "name": "Beside"},
            "conversation": {"id": "a:1-ana", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}}, "text": text, "textFormat": "plain", "locale": "en-US",
            "localTimezone": "America/Chicago",
        }  # fmt: skip
        return {name: value for name, value in (body | changed).items() if value is not None}

    def invoke(self, data: dict[str, Any], **changed: object) -> dict[str, Any]:
        value = {"action": {"type": "Action.Execute", "verb": "beside", "data": data}, "trigger": "manual"}
        return self.activity(None, type="invoke", name="adaptiveCard/action", value=value, **changed)


class Beside:
    """Our own door on a port of its own, with a platform that writes to the cloud."""

    def __init__(self, cloud: Cloud, door: Recorder, platform: TeamsPlatform, url: str) -> None:
        self.cloud = cloud
        self.door = door
        self.platform = platform
        self.url = url
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))

    async def tell(self, body: object = None, token: str | None = None, **more: Any) -> int:  # noqa: ANN401
        return (await self.answer(body, token, **more))[0]

    async def answer(self, body: object = None, token: str | None = None, **more: Any) -> tuple[int, Any]:  # noqa: ANN401
        headers = {"Authorization": f"Bearer {token or self.cloud.token()}", "Content-Type": "application/json"}
        headers = {k: v for k, v in (headers | more.pop("headers", {})).items() if v is not None}
        sent = (
            {"data": body}
            if isinstance(body, bytes | io.BytesIO)
            else {"json": self.cloud.activity() if body is None else body}
        )
        async with self.session.post(f"{self.url}/api/messages", headers=headers, **sent, **more) as told:
            raw = await told.read()
            return told.status, (await told.json() if raw else None)


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, auto_decompress=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def cloudy(cloud: Cloud | None = None, **settings: object) -> AsyncIterator[Beside]:
    cloud, door, app = cloud or Cloud(), Recorder(), web.Application(client_max_size=2**22)
    async with served(cloud.app()) as cloud.url:
        given = {
            "teams_app_id": APP, "teams_app_password": SecretStr("the-secret"), "teams_tenants": f"{TENANT}, {SECOND}",
            "teams_login_url": cloud.url, "teams_openid_url": f"{cloud.url}/v1/.well-known/openidconfiguration",
        } | settings  # fmt: skip
        platform = await connect(app, door, Settings(**given), vocabulary())  # type: ignore[arg-type]  # a table of them
        async with served(app) as url:
            beside = Beside(cloud, door, platform, url)
            try:
                yield beside
            finally:
                await beside.session.close()
