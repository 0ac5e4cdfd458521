"""The server: one address that is Slack's Web API, its response URLs, and a control panel for tests."""

import asyncio
import json
from collections.abc import Iterable
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from tests.fakes.slack import control, oauth, page, payloads, respond, webapi
from tests.fakes.slack.courier import Courier, Result
from tests.fakes.slack.faults import Fault, Faults, Kind, Pace, Work
from tests.fakes.slack.people import User, Workspace, World
from tests.fakes.slack.refusal import Refused
from tests.fakes.slack.shapes import Json, obj, text
from tests.fakes.slack.socket import APP_ID, Switchboard
from tests.fakes.slack.state import Called, Profile, State, Team

SECRET: Final = "a-signing-secret-that-only-tests-know"


class Slack:
    """A Slack of one's own: `async with Slack() as slack`, then `slack.connect(address of the app's events)`.

    `echo` sends the app events of its own messages too, as Slack does; `pace` limits how fast it may post.
    """

    def __init__(self, *, port: int = 0, secret: str = SECRET, echo: bool = True) -> None:
        self.state = State()
        self.switchboard = Switchboard(self.state)
        self.courier = Courier(secret, self.switchboard)
        self.faults = Faults()
        self.pace = Pace()
        self.echo = echo
        self.url = ""
        self.workspaces: dict[str, Workspace] = {}
        self._port = port
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[Result]] = set()
        self.state.tell = self._tell

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/hooks/{kind}/{team}/{id}", self._hook)
        app.router.add_get("/link/", self.switchboard.link)
        app.router.add_route("*", "/_control/{verb}", self._control)
        app.router.add_get("/", self._page)
        app.router.add_get("/people/{person}", self._page)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.courier.open()
        self.workspace()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.closing.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.courier.close()
        self.switchboard.drop()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What the SDK calls base_url."""
        return f"{self.url}/api/"

    @property
    def secret(self) -> str:
        return self.courier.secret

    @property
    def team(self) -> Workspace:
        """The first workspace."""
        return next(iter(self.workspaces.values()))

    def connect(self, url: str, secret: str = "") -> None:
        """Deliver to this address of the app from now on."""
        self.courier.url = url
        self.courier.secret = secret or self.courier.secret

    def socket_mode(self) -> None:
        """Deliver over the lines that the app opens, and to no address, from now on."""
        self.courier.by_socket = True

    def workspace(self, name: str = "Lincoln") -> Workspace:
        """The workspace of that name, made with the app in it if there is none yet."""
        if name not in self.workspaces:
            number = len(self.workspaces) + 1
            team = Team(
                f"T{number:04}",
                name,
                token=f"xoxb-fake-T{number:04}",
                app_id=APP_ID,
                bot_user=f"U{number:04}BOT",
                bot_id=f"B{number:04}",
            )
            team.profiles[team.bot_user] = Profile(team.bot_user, "beside", "Beside", is_bot=True)
            self.state.teams[team.id] = team
            self.workspaces[name] = Workspace(World(self.state, self.courier, self.url), team)
        return self.workspaces[name]

    def user(self, name: str) -> User:
        """The person of that name or id, in whichever workspace they are."""
        for workspace in self.workspaces.values():
            for user in workspace.people.values():
                if name in {user.id, user.name}:
                    return user
        return self.team.by_id(name)

    def fail(
        self,
        kind: Kind,
        method: str = "*",
        *,
        channel: str = "",
        team: str = "",
        times: int | None = 1,
        seconds: float = 1.0,
        retry_after: int | None = None,
        error: str = "internal_error",
    ) -> Fault:
        """Fail so many calls (`times=None`: all, until `heal`); what each kind does is told at `Fault`."""
        return self.faults.add(Fault(kind, method, channel, team, times, seconds, retry_after, error))

    def heal(self) -> None:
        self.faults.clear()

    def advance(self, seconds: float) -> None:
        """Let triggers and response URLs grow older. Signatures keep the real time: see `Delivery.skew` for that."""
        self.state.ahead += seconds

    def count(self, method: str) -> int:
        """How often the app called this method, or `response_url`, whatever came of it."""
        return self.state.counts[method]

    async def quiet(self) -> None:
        """Return when every event sent in the background has been answered or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _tell(self, team: Team, event: Json) -> None:
        if self.echo and self.courier.connected and team.status == "installed":
            payload = payloads.envelope(self.state, team, event)
            task = asyncio.get_running_loop().create_task(self.courier.event(payload))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fields, wrong = await _fields(request)
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        token = bearer.strip() if scheme == "Bearer" else text(fields.get("token"))
        basic = bearer.strip() if scheme == "Basic" else ""
        team = next((one for one in self.state.teams.values() if one.token == token), None)
        channel = _meant(team, fields)

        async def work() -> web.Response:
            wait = 0
            if method == "chat.postMessage" and team and channel:
                wait = self.pace.wait_for(channel) or self.pace.wait_in(team.id)
            if wait:
                answer: Json = {"ok": False, "error": "ratelimited"}
                return web.json_response(answer, status=429, headers={"Retry-After": str(wait)})
            if wrong:
                return web.json_response({"ok": False, "error": wrong})
            try:
                answer = {"ok": True, **self._run(method, token, basic, fields)}
            except Refused as refused:
                answer = refused.body()
            headers = {"x-oauth-scopes": ",".join(sorted(team.scopes))} if team else {}
            return web.json_response(answer, headers=headers)

        return await self._answered(request, method, team, channel, fields, work)

    def _run(self, method: str, token: str, basic: str, fields: Json) -> Json:
        if method == "oauth.v2.access":
            return oauth.access(self.state, basic, fields)
        if method == "apps.connections.open":
            return self.switchboard.ticket(self.url, token)
        return webapi.run(self.state, method, token, fields)

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/hooks")
        fields, wrong = await _fields(request)
        url = self.state.response_urls.get(path)
        team = self.state.teams[url.team] if url else None

        async def work() -> web.Response:
            if wrong:
                return web.Response(text="invalid_payload", status=400)
            try:
                respond.by_url(self.state, path, fields)
            except Refused as refused:
                gone = refused.error in {"expired_url", "used_url", "message_not_found"}
                return web.Response(text=refused.error, status=404 if gone else 400)
            return web.Response(text="ok")

        return await self._answered(request, "response_url", team, url.channel if url else "", fields, work)

    async def _answered(
        self,
        request: web.Request,
        method: str,
        team: Team | None,
        channel: str,
        fields: Json,
        work: Work,
    ) -> web.Response:
        """One call, through the faults in force, and written down."""
        whose = team.id if team else ""
        fault, at = self.faults.take(method, whose, channel), self.state.now()
        self.state.counts[method] += 1
        answer = await (self.faults.answer(fault, request, work) if fault else work())
        error = fault.kind if fault else _error(answer)
        safe = {name: value for name, value in fields.items() if name not in {"token", "code", "client_secret"}}
        self.state.calls.append(Called(method, whose, channel, safe, answer.status, error, at))
        return answer

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(text=page.page(self, request.match_info.get("person", "")), content_type="text/html")

    async def _control(self, request: web.Request) -> web.StreamResponse:
        arguments, _ = await _fields(request)
        return await control.serve(self, request.match_info["verb"], arguments)


async def _fields(request: web.Request) -> tuple[Json, str]:
    """What was sent, from the query, a form or JSON; the second is what is wrong with it."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            sent = json.loads(await request.read() or b"{}")
        except ValueError:
            return found, "invalid_json"
        return (found | sent, "") if isinstance(sent, dict) else (found, "json_not_object")
    if request.can_read_body:
        found |= _strings((await request.post()).items())
    return found, ""


def _strings(pairs: Iterable[tuple[str, object]]) -> Json:
    return {name: value for name, value in pairs if isinstance(value, str)}


def _meant(team: Team | None, fields: Json) -> str:
    """The conversation a call is about, also where a person's id stands for it."""
    name = text(fields.get("channel"))
    return team.direct(name).id if team and name in team.profiles else name


def _error(answer: web.Response) -> str:
    if answer.status >= 400:
        return answer.text or "" if answer.content_type == "text/plain" else str(answer.status)
    body = answer.text or ""
    return text(obj(json.loads(body)).get("error")) if body.startswith("{") else ""
