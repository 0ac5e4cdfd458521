"""Beside as a program of its own: started with settings, waited for, asked to stop or killed, and never left behind."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import aiohttp

from tests.support.forking import Program
from tests.support.ports import held_for

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 200.0  # a hang guard


@dataclass(frozen=True)
class Ended:
    """What a program left: its exit code and everything it printed."""

    code: int
    out: str
    err: str


class Server:
    """One `beside serve`. All that it prints is in `log`, over every time it was started; its port stays the same.

    It is forked from a parent that has imported it. One that is `typed` is started as the shell does it, and imports
    for itself.
    """

    def __init__(self, folder: Path, settings: dict[str, str], *arguments: str, typed: bool = False) -> None:
        self.folder = folder
        self.settings = settings
        self.arguments = arguments or ("-m", "bot", "serve")
        self.url = ""
        self._port = held_for(self)
        self._typed = typed
        self._process: asyncio.subprocess.Process | Program | None = None

    @property
    def path(self) -> Path:
        return self.folder / "serve.log"

    @property
    def log(self) -> str:
        return self.path.read_text("utf-8") if self.path.exists() else ""

    @property
    def pid(self) -> int:
        assert self._process is not None, "it was never started"
        return self._process.pid

    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Returns when it says that it is ready. Started again, it listens where it did before."""
        assert not self.running(), "it is still running"
        begun = len(self.log)
        given = environment({**self.settings, "BESIDE_PORT": str(self._port)})
        if self._typed:
            with self.path.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, *self.arguments, cwd=self.folder, env=given, stdout=log, stderr=log
                )
        else:
            self._process = await Program.start(self.folder, given, self.path, self.path, *self.arguments)
        async with asyncio.timeout(PATIENCE):
            while not (found := re.search(r"at (http://\S+)", self.log[begun:])):
                assert self.running(), f"it ended at its start:\n{self.log[begun:]}"
                await asyncio.sleep(0.02)
            self.url = found[1]
            while not await self.ready():
                assert self.running(), f"it ended before it was ready:\n{self.log[begun:]}"
                await asyncio.sleep(0.02)

    async def ready(self) -> bool:
        with suppress(aiohttp.ClientError, OSError):
            async with aiohttp.ClientSession() as session, session.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        return False

    async def stop(self) -> int:
        """SIGTERM, and its exit code."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> int:
        """SIGKILL, as when the machine loses power."""
        return await self._end(signal.SIGKILL)

    def send(self, sign: signal.Signals) -> None:
        if self._process is not None and self.running():
            self._process.send_signal(sign)

    async def wait(self, seconds: float = PATIENCE) -> int:
        """Its exit code, once it has ended by itself."""
        assert self._process is not None, "it was never started"
        return await asyncio.wait_for(self._process.wait(), seconds)

    async def _end(self, sign: signal.Signals) -> int:
        self.send(sign)
        try:
            return await self.wait()
        finally:
            if self._process is not None and self.running():
                self._process.kill()
                await self._process.wait()


@asynccontextmanager
async def serving(folder: Path, typed: bool = False, /, **settings: str) -> AsyncIterator[Server]:
    """`python -m bot serve` in that folder. It has to end well when it is asked to, unless the test ended it before."""
    server = Server(folder, settings, typed=typed)
    try:
        await server.start()
        yield server
        if server.running():
            code = await server.stop()
            assert code == 0, f"it ended with {code}:\n{server.log}"
    finally:
        if server.running():
            await server.kill()


async def beside(folder: Path, *arguments: str, **settings: str) -> Ended:
    """`beside …` from its start to its end."""
    with NamedTemporaryFile("r", encoding="utf-8") as out, NamedTemporaryFile("r", encoding="utf-8") as err:
        program = await Program.start(
            folder, environment(settings), Path(out.name), Path(err.name), "-m", "bot", *arguments
        )
        try:
            code = await asyncio.wait_for(program.wait(), PATIENCE)
        finally:
            program.kill()
        return Ended(code, out.read(), err.read())


def environment(settings: dict[str, str]) -> dict[str, str]:
    """This machine's environment without settings of its own, and these."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}
    return own | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | settings
