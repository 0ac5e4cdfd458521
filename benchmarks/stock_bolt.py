"""The peer: a stock Bolt app with default settings whose `/coteach` stores nothing and answers a line."""

from __future__ import annotations

import os
import sys

from slack_bolt.async_app import AsyncAck, AsyncApp


def main() -> None:
    """Serve on the port given, with the API address and secrets of the environment."""
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient(token=os.environ["BESIDE_SLACK_BOT_TOKEN"], base_url=os.environ["BESIDE_SLACK_API_URL"])
    app = AsyncApp(client=client, signing_secret=os.environ["BESIDE_SLACK_SIGNING_SECRET"])

    @app.command("/coteach")
    async def coteach(ack: AsyncAck) -> None:
        await ack("Here is what I understood.")

    app.server(port=int(sys.argv[1]), path="/slack/events", host="127.0.0.1").start()


if __name__ == "__main__":
    main()
