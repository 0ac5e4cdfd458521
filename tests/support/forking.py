"""Programs of ours, forked from a parent that has imported their parts: `-m bot serve` without a second of importing.

Each is a process like any other: pid, environment and exit code are its own, and SIGKILL ends it where it stands.
"""

import asyncio
import multiprocessing
import os
import runpy
import signal
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final, Self

_FROM_PARENT: Final = multiprocessing.get_context("forkserver")
_FROM_PARENT.set_forkserver_preload(["tests.support.warm"])


class Program:
    """One that was started. Use `Program.start`."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    @classmethod
    async def start(cls, folder: Path, environment: dict[str, str], out: Path, err: Path, *arguments: str) -> Self:
        """`python -m MODULE …` in that folder; what it prints is added to these two files, which may be one."""
        given = (str(folder), environment, str(out), str(err), arguments)
        process = _FROM_PARENT.Process(target=_become, args=given, daemon=True)
        await asyncio.to_thread(process.start)  # the first of a run waits for what its parent imports
        return cls(process)

    @property
    def pid(self) -> int:
        assert self._process.pid, "it was never started"
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, sign: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, sign)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        while (code := self.returncode) is None:  # noqa: ASYNC110 - nothing tells the loop when it ends
            await asyncio.sleep(0.01)
        return code


def _become(folder: str, environment: dict[str, str], out: str, err: str, arguments: tuple[str, ...]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, name in ((0, os.devnull), (1, out), (2, err)):
        handle = os.open(name, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, mode, 1, "utf-8") for n, mode in enumerate("rww"))
    flag, module, *rest = arguments
    assert flag == "-m", arguments
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
