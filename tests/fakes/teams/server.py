"""The server: one address that is the login cloud, the Bot Connector, a page to look at, and a control panel."""

import json
import ssl
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Final, Self
from urllib.parse import parse_qsl

from aiohttp import web

from tests.fakes.slack.shapes import Json, obj
from tests.fakes.teams import connector, control, keys, page, relay
from tests.fakes.teams.courier import Courier
from tests.fakes.teams.faults import Fault, Faults, Kind, Pace, Work
from tests.fakes.teams.login import Denied, Login
from tests.fakes.teams.people import User, Workspace, World
from tests.fakes.teams.refusal import Refused
from tests.fakes.teams.state import APP, SECRET, Called, State, Tenant
from tests.fakes.teams.tokens import ISSUER, Mint

METHODS: Final = (
    *"login.openid login.keys login.token login.tenant login.instance".split(),
    *connector.CALLS,
)
_PACED: Final = frozenset("conversations.create activities.send activities.reply activities.update".split())
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Deed = Callable[[connector.Call], object]


class Teams:
    """A Teams of one's own: `async with Teams() as teams`, then `teams.connect(address of the app's messages)`.

    `openid_url` and `login_url` are what an app is given in place of Microsoft's; `pace` limits how fast it may call.
    With `tls` the login cloud is also served on https, as MSAL insists, with the certificate in `ca_file`.
    """

    def __init__(self, *, port: int = 0, app_id: str = APP, secret: str = SECRET, tls: bool = False) -> None:
        self.state = State()
        self.state.app, self.state.secret = app_id, secret
        self.mint = Mint(app_id)
        self.login = Login(self.state, self.mint)
        self.courier = Courier(self.mint)
        self.faults = Faults()
        self.pace = Pace()
        self.url = ""
        self.https_url = ""
        self.workspaces: dict[str, Workspace] = {}
        self._port = port
        self._runner: web.AppRunner | None = None
        self._folder = tempfile.TemporaryDirectory() if tls else None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        add = app.router.add_route
        add("GET", "/", self._page)
        add("GET", "/people/{person}", self._page)
        add("*", "/_control/{verb}", self._control)
        add("*", relay.PATH, self._relay)
        add("GET", "/v1/.well-known/openidconfiguration", self._openid)
        add("GET", "/v1/.well-known/keys", self._keys)
        add("GET", "/common/discovery/instance", self._instance)
        add("GET", r"/{path:.+?}/v2.0/.well-known/openid-configuration", self._tenant)
        add("POST", r"/{path:.+?}/oauth2/v2.0/token", self._token)
        for method, (verb, path, status, do) in connector.CALLS.items():
            add(verb, f"/amer/{{tenant}}/v3/conversations{path}", self._route(method, status, do))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        if self._folder:
            trusted, key = keys.write_tls(Path(self._folder.name))
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(trusted, key)
            await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context).start()
            self.https_url = f"https://127.0.0.1:{self._runner.addresses[1][1]}"
        self.courier.open()
        self.workspace()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.closing.set()
        await self.courier.close()
        if self._runner:
            await self._runner.cleanup()
        if self._folder:
            self._folder.cleanup()

    @property
    def openid_url(self) -> str:
        """The document of the issuer, what BESIDE_TEAMS_OPENID_URL names."""
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def login_url(self) -> str:
        """What stands before `/{tenant}/oauth2/v2.0/token`, what BESIDE_TEAMS_LOGIN_URL names."""
        return self.url

    @property
    def relay_url(self) -> str:
        """Where a client that sends no tokens reaches the app that `connect` names."""
        return f"{self.url}{relay.PATH}"

    @property
    def ca_file(self) -> str:
        """The certificate to trust for `https_url`."""
        return str(Path(self._folder.name) / "cert.pem") if self._folder else ""

    @property
    def app_id(self) -> str:
        return self.state.app

    @property
    def secret(self) -> str:
        return self.state.secret

    @property
    def team(self) -> Workspace:
        """The first tenant, where the app lives."""
        return next(iter(self.workspaces.values()))

    @property
    def settings(self) -> dict[str, str]:
        """What Beside is started with to live in this Teams."""
        return {
            "BESIDE_TEAMS_APP_ID": self.app_id,
            "BESIDE_TEAMS_APP_PASSWORD": self.secret,
            "BESIDE_TEAMS_TENANTS": self.team.id,
            "BESIDE_TEAMS_OPENID_URL": self.openid_url,
            "BESIDE_TEAMS_LOGIN_URL": self.login_url,
        }

    @property
    def stock(self) -> SimpleNamespace:
        """What the stock botbuilder's configuration is made of to live here; needs `tls`, and trust in `ca_file`."""
        return SimpleNamespace(
            APP_ID=self.app_id,
            APP_PASSWORD=self.secret,
            APP_TYPE="SingleTenant",
            APP_TENANTID=self.team.id,
            # A path of this shape is what MSAL takes without asking Microsoft whether the host is theirs.
            TO_CHANNEL_FROM_BOT_LOGIN_URL=f"{self.https_url}/{self.team.id}/b2c_fake",
            TO_CHANNEL_FROM_BOT_OAUTH_SCOPE=ISSUER,
            TO_BOT_FROM_CHANNEL_TOKEN_ISSUER=ISSUER,
            TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL=self.openid_url,
            TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL=self.openid_url,
        )

    def connect(self, url: str) -> None:
        """Deliver to this address of the app from now on, such as …/api/messages."""
        self.courier.url = url

    def workspace(self, name: str = "Lincoln") -> Workspace:
        """The tenant of that name, made with the app in it if there is none yet."""
        if name not in self.workspaces:
            tenant = Tenant(str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.example")), name)
            self.state.tenants[tenant.id] = tenant
            self.workspaces[name] = Workspace(World(self.state, self.courier, self.url), tenant)
        return self.workspaces[name]

    def user(self, name: str) -> User:
        """The person of that name or id, in whichever tenant they are."""
        for workspace in self.workspaces.values():
            for user in workspace.people.values():
                if name in {user.id, user.aad, user.name}:
                    return user
        return self.team.by_id(name)

    def fail(
        self,
        kind: Kind,
        method: str = "*",
        *,
        conversation: str = "",
        tenant: str = "",
        times: int | None = 1,
        seconds: float = 1.0,
        retry_after: int | None = None,
        code: str = "",
    ) -> Fault:
        """Fail so many calls (`times=None`: all, until `heal`); what each kind does is told at `Fault`."""
        return self.faults.add(Fault(kind, method, conversation, tenant, times, seconds, retry_after, code))

    def heal(self) -> None:
        self.faults.clear()

    def advance(self, seconds: float) -> None:
        """Let the app's own tokens grow older. Those of deliveries keep the real time: see `tokens.WRONG` for that."""
        self.state.ahead += seconds

    def count(self, method: str) -> int:
        """How often the app called this method, one of `METHODS`, whatever came of it."""
        return self.state.counts[method]

    # The login cloud

    async def _openid(self, request: web.Request) -> web.StreamResponse:
        return await self._cloud(request, "login.openid", "", lambda: self.login.openid(_base(request)))

    async def _keys(self, request: web.Request) -> web.StreamResponse:
        return await self._cloud(request, "login.keys", "", self.login.keys)

    async def _instance(self, request: web.Request) -> web.StreamResponse:
        asked = request.query.get("authorization_endpoint", "")
        return await self._cloud(request, "login.instance", "", lambda: self.login.instance(_base(request), asked))

    async def _tenant(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        return await self._cloud(request, "login.tenant", path, lambda: self.login.tenant(_base(request), path))

    async def _token(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        form: Json = dict(parse_qsl((await request.read()).decode("utf-8", "replace")))
        if request.content_type != "application/x-www-form-urlencoded":
            form = {}
        return await self._cloud(request, "login.token", path, lambda: self.login.token(path, form), form)

    async def _cloud(
        self, request: web.Request, method: str, path: str, do: Callable[[], Json], form: Json | None = None
    ) -> web.Response:
        async def work() -> web.Response:
            try:
                return web.json_response(do())
            except Denied as denied:
                return web.json_response(denied.body(), status=denied.status)

        fields = {name: value for name, value in (form or {}).items() if name != "client_secret"}
        await self.faults.wait(self.login.latency)
        return await self._answered(request, method, path.partition("/")[0], "", fields, work)

    # The connector

    def _route(self, method: str, status: int, do: Deed) -> Handler:
        """The handler of one method: who calls is let in first, then slowed down, then heard."""

        async def handler(request: web.Request) -> web.StreamResponse:
            raw, place = await request.read(), request.match_info
            body = _object(raw)
            named, where = place["tenant"], place.get("id", "")

            async def work() -> web.Response:
                if not self.login.lets(request.headers.get("Authorization", "")):
                    said = {"message": "Authorization has been denied for this request."}
                    return web.json_response(said, status=401, headers={"WWW-Authenticate": "Bearer"})
                tenant = self.state.tenants.get(named)
                if tenant is None:
                    return _refusal(Refused(404, "NotFound", "No such service URL."))
                if wait := self.pace.wait_for(named, where) if method in _PACED else 0:
                    return _refusal(Refused(429, "Throttled", "Too many requests."), {"Retry-After": str(wait)})
                if body is None or (raw and request.content_type != "application/json"):
                    return _refusal(Refused(400, "BadSyntax", "The body is an object in JSON."))
                try:
                    found = do(connector.Call(self.state, tenant, body, place, request.query))
                except Refused as refused:
                    return _refusal(refused)
                return web.Response() if found is None else web.json_response(found, status=status)

            return await self._answered(request, method, named, where, body or {}, work)

        return handler

    async def _answered(
        self, request: web.Request, method: str, tenant: str, conversation: str, fields: Json, work: Work
    ) -> web.Response:
        """One call, through the faults in force, and written down."""
        fault, at = self.faults.take(method, tenant, conversation), self.state.now()
        self.state.counts[method] += 1
        answer = await (self.faults.answer(fault, request, work) if fault else work())
        error = fault.kind if fault else _error(answer)
        self.state.calls.append(Called(method, tenant, conversation, fields, answer.status, error, at))
        return answer

    # For people and tests

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text=page.page(self, request.match_info.get("person", "")), content_type="text/html")

    async def _relay(self, request: web.Request) -> web.StreamResponse:
        return await relay.relayed(self, request)

    async def _control(self, request: web.Request) -> web.StreamResponse:
        try:
            arguments = obj(json.loads(await request.read() or b"{}"))
        except ValueError:
            return web.json_response({"error": "the arguments are JSON"}, status=400)
        return await control.serve(self, request.match_info["verb"], arguments)


def _base(request: web.Request) -> str:
    """This server as the caller named it, so that who came by https stays there."""
    return f"{request.scheme}://{request.host}"


def _object(raw: bytes) -> Json | None:
    """The object that was sent; nothing at all is an empty one, and None is something else."""
    try:
        found = json.loads(raw or b"{}")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _refusal(refused: Refused, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response(refused.body(), status=refused.status, headers=headers)


def _error(answer: web.Response) -> str:
    """The code of a refusal, or its OAuth error."""
    if answer.status < 400 or not (answer.text or "").startswith("{"):
        return "" if answer.status < 400 else str(answer.status)
    body = json.loads(answer.text or "{}")
    error = body.get("error")
    return str(error.get("code") if isinstance(error, dict) else error or answer.status)
