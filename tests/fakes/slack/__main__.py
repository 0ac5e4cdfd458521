"""A Slack as a program of its own: one line of JSON says where it is, then it serves until it is ended.

What everybody sees there is a page, at the same address.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from contextlib import suppress

from tests.fakes.slack.server import SECRET, Slack
from tests.fakes.slack.socket import APP_TOKEN


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or Ctrl-C, or until whoever started it is gone."""
    starter = os.getppid()
    async with Slack(port=options.port, secret=options.secret, echo=not options.quiet) as slack:
        if options.connect:
            slack.connect(options.connect)
        if options.socket_mode:
            slack.socket_mode()
        slack.pace.on = not options.no_pace
        where = {"url": slack.url, "api": slack.api_url, "token": slack.team.token, "secret": slack.secret}
        where["app_token"] = APP_TOKEN
        sys.stdout.write(json.dumps(where) + "\n")
        sys.stdout.flush()
        ended = asyncio.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, ended.set)
        while not ended.is_set() and os.getppid() == starter:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.slack", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--connect", default="", help="the address of the app's events, such as …/slack/events")
    parser.add_argument("--socket-mode", action="store_true", help="deliver over the lines that the app opens")
    parser.add_argument("--secret", default=SECRET, help="the signing secret")
    parser.add_argument("--quiet", action="store_true", help="do not send the app events of its own messages")
    parser.add_argument("--no-pace", action="store_true", help="no limit of one message a second in a conversation")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
