"""A Teams as a program of its own: one line of JSON says where it is, then it serves until it is ended."""

import argparse
import asyncio
import json
import os
import signal
import sys
from contextlib import suppress

from tests.fakes.teams.server import Teams
from tests.fakes.teams.state import APP, SECRET


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or Ctrl-C, or until whoever started it is gone."""
    starter = os.getppid()
    async with Teams(port=options.port, app_id=options.app_id, secret=options.secret, tls=options.tls) as teams:
        if options.connect:
            teams.connect(options.connect)
        teams.pace.on = not options.no_pace
        teams.login.latency = options.latency
        where = {"url": teams.url, "settings": teams.settings, "ca_file": teams.ca_file}
        if options.mode == "relay":
            where |= {"relay": teams.relay_url}
        sys.stdout.write(json.dumps(where) + "\n")
        sys.stdout.flush()
        ended = asyncio.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, ended.set)
        while not ended.is_set() and os.getppid() == starter:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.teams", description=__doc__)
    parser.add_argument(
        "mode", nargs="?", choices=["serve", "relay"], default="serve",
        help="relay: also say where a client that sends no tokens, such as the Agents Playground, is pointed at",
    )  # fmt: skip
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--connect", default="", help="the address of the app's messages, such as …/api/messages")
    parser.add_argument("--app-id", default=APP, help="the app's id")
    parser.add_argument("--secret", default=SECRET, help="the app's password")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that every answer of the login cloud takes")
    parser.add_argument("--tls", action="store_true", help="the login cloud on https too, as MSAL wants it")
    parser.add_argument("--no-pace", action="store_true", help="no limits on how fast the app calls")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
