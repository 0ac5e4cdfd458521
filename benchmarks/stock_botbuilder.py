"""The peer: botbuilder's own echo with the SDK's own authentication; it stores nothing and answers what it was told."""

from __future__ import annotations

import asyncio
import json
import sys
from types import SimpleNamespace

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication  # noqa: TID251 - the peer

from benchmarks.watched import watching


class Echo(ActivityHandler):  # type: ignore[misc]  # the SDK has no types
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"You said: {turn_context.activity.text}")


async def serve(port: int, settings: dict[str, str]) -> None:
    """Until it is ended, with the settings as the SDK wants them."""
    adapter, echo = CloudAdapter(ConfigurationBotFrameworkAuthentication(SimpleNamespace(**settings))), Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        answer: web.StreamResponse = await adapter.process(request, echo)
        return answer

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print(f"at http://127.0.0.1:{port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(watching(serve(int(sys.argv[1]), json.loads(sys.argv[2]))))
