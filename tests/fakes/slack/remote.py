"""This Slack from another process: started as a program, steered and read over its control panel."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.fakes.slack.shapes import Json, obj, text


class NotDone(Exception):
    """The control panel said no; its reason is the message."""


class Remote:
    """The control panel of one Slack. Every verb of `control.VERBS` is asked by name: `ask("say", user="ana", …)`."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def ask(self, verb: str, **arguments: object) -> Json:
        """Ask and wait. Raises `NotDone` with the panel's own words."""
        at = urlsplit(self.url)
        line = HTTPConnection(at.hostname or "127.0.0.1", at.port, timeout=60)
        try:
            line.request(
                "POST", f"/_control/{verb}", json.dumps(arguments).encode(), {"Content-Type": "application/json"}
            )
            answer = line.getresponse()
            found = obj(json.loads(answer.read()))
        finally:
            line.close()
        if answer.status != 200:
            raise NotDone(text(found.get("error")))
        return found

    async def do(self, verb: str, **arguments: object) -> Json:
        """The same without holding up the loop."""
        return await asyncio.to_thread(self.ask, verb, **arguments)


@contextmanager
def running(*options: str) -> Iterator[Remote]:
    """A Slack in a process of its own, with the options of `python -m tests.fakes.slack`, gone at the end."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.slack", *options],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    try:
        line = program.stdout.readline() if program.stdout else b""
        if not line:
            raise NotDone("the process ended before it said where it listens")
        yield Remote(text(obj(json.loads(line)).get("url")))
    finally:
        program.terminate()
        program.communicate(timeout=60)
