"""The peer: a stock Bolt app with default settings whose `/coteach` answers a line and keeps nothing.

    python -m benchmarks.stock_bolt PORT [FILE]

With a file it finds its token in the SDK's own SQLite store there, as an app for many workspaces does.
"""

from __future__ import annotations

import os
import sys

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlite3 import SQLite3InstallationStore
from slack_sdk.web.async_client import AsyncWebClient


def main(port: int, file: str = "") -> None:
    """Serve, with the API address and secrets of the environment."""
    token, url = os.environ["BESIDE_SLACK_BOT_TOKEN"], os.environ["BESIDE_SLACK_API_URL"]
    secret = os.environ["BESIDE_SLACK_SIGNING_SECRET"]
    if file:
        client, store = AsyncWebClient(base_url=url), SQLite3InstallationStore(database=file, client_id="1.2")
        store.save(Installation(
            app_id="A1", team_id=os.environ["BENCH_TEAM"], user_id="U0", bot_token=token, bot_id="B1", bot_user_id="U1",
            bot_scopes=["commands"],
        ))  # fmt: skip
        app = AsyncApp(client=client, signing_secret=secret, installation_store=store)
    else:
        app = AsyncApp(client=AsyncWebClient(token=token, base_url=url), signing_secret=secret)

    @app.command("/coteach")
    async def coteach(ack: AsyncAck) -> None:
        await ack("Here is what I understood.")

    app.server(port=port, path="/slack/events", host="127.0.0.1").start()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
