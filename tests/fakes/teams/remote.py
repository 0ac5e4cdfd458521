"""This Teams from another process: started as a program, steered and read over its control panel."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.slack.remote import NotDone, Remote
from tests.fakes.slack.shapes import obj, text

__all__ = ["NotDone", "Remote", "running"]


@contextmanager
def running(*options: str) -> Iterator[Remote]:
    """A Teams in a process of its own, with the options of `python -m tests.fakes.teams`, gone at the end.

    Every verb of `control.VERBS` is asked by name: `remote.ask("say", user="ana", …)`; `health` has the settings.
    """
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.teams", *options],
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
        program.communicate(timeout=30)
