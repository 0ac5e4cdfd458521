"""Between a client that sends no tokens and an app that takes nothing without one: puts on the token that Teams would.

Microsoft's Agents Playground is such a client. What the app writes in answer it writes to the client itself, at the
`serviceUrl` of the activity; only the login cloud is this server's.
"""

import json
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from tests.fakes.slack.shapes import obj, text

if TYPE_CHECKING:
    from tests.fakes.teams.server import Teams

PATH = "/relay/api/messages"


async def relayed(teams: "Teams", request: web.Request) -> web.Response:
    """The same body to the app, with a token of the login cloud; its status and its body back."""
    if request.method != "POST":
        return web.Response()  # the client asks whether anybody is there
    raw = await request.read()
    header = teams.mint.header(text(obj(json.loads(raw)).get("serviceUrl"))) or ""
    headers = {"Authorization": header, "Content-Type": "application/json; charset=utf-8"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(teams.courier.url, data=raw, headers=headers, allow_redirects=False) as told,
    ):
        return web.Response(body=await told.read(), status=told.status, content_type=told.content_type)
