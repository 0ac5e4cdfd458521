"""What every test may ask for, and what none may do: skip, reach another machine, leave work running."""

import asyncio
import os
from collections.abc import AsyncIterator, Generator, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.async_api import Browser, Page, expect

from bot.store import Store
from bot.vault import Keyring
from tests.support import browser as chromium
from tests.support import network, postgres

network.install()
settings.register_profile("beside", deadline=None, print_blob=True)  # two busy cores are no reason to fail
settings.load_profile("beside")
expect.set_options(timeout=30_000)  # a hang guard: two busy cores are no reason to fail

_numbers = count(1)


# ── No test is skipped, and none is expected to fail ──


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped or hasattr(report, "wasxfail"):
        _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _refuse(report)
    return report


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    """A test that does not run proves nothing, so it counts as one that failed."""
    why = getattr(report, "wasxfail", "") or report.longrepr
    if isinstance(why, tuple):
        why = why[-1]
    report.outcome = "failed"
    report.longrepr = f"skipped or expected to fail, which no test here may be: {why}"
    if hasattr(report, "wasxfail"):
        del report.wasxfail


# ── No test reaches another machine, and none leaves a task behind on the loop that all share ──


@pytest.fixture(autouse=True)
def _only_this_machine() -> Iterator[None]:
    with network.guarded():
        yield


@pytest.fixture(autouse=True)
async def _nothing_left_running() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    if left:
        _, left = await asyncio.wait(left, timeout=1)
    for task in left:
        task.cancel()
    assert not left, f"still running after the test, stop it there: {[str(task.get_coro()) for task in left]}"


# ── Databases ──


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    """One throwaway PostgreSQL for the whole run, whichever worker asks first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with postgres.shared_server(shared / "postgres") as server:
        yield server


@pytest.fixture
def at_head() -> bool:
    """Whether a test's databases have their tables. Who shows how they get them parametrizes it with False."""
    return True


@pytest.fixture(scope="session")
async def sqlite_head(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite file at head with nobody in it: migrated once, then copied."""
    file = tmp_path_factory.mktemp("head") / "beside.sqlite3"
    await (await Store.open(f"sqlite:///{file}", Keyring.of("k1"))).close()
    return file.read_bytes()


@pytest.fixture(scope="session")
async def postgres_head(postgres_server: postgres.Server) -> str:
    """The same on PostgreSQL, as the name of a template."""
    name = f"head{os.getpid()}"
    await (await Store.open(postgres_server.make_database(name), Keyring.of("k1"))).close()
    return name


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres_server: postgres.Server, at_head: bool) -> Iterator[str]:
    """A PostgreSQL database of this test's own, with nobody in it."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    template = request.getfixturevalue("postgres_head") if at_head else "template1"
    yield postgres_server.make_database(name, template=template)
    postgres_server.drop_database(name)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path, at_head: bool) -> str:
    """A SQLite file of this test's own with nobody in it; not made yet where it is not to be at head."""
    file = tmp_path / "beside.sqlite3"
    if at_head:
        file.touch(0o600)
        file.write_bytes(request.getfixturevalue("sqlite_head"))
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, at_head: bool) -> str:
    """Both databases, one after the other: whoever asks for it runs twice."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])
    return url


# ── The browser ──


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the whole worker."""
    async with chromium.launched() as one:
        yield one


@pytest.fixture
def forgiven() -> list[str]:
    """Parts of console lines that a test provokes itself; it adds to this list what `page` shall let pass."""
    return []


@pytest.fixture
async def page(browser: Browser, forgiven: list[str]) -> AsyncIterator[Page]:
    """A page that fails its test on an uncaught error, a console error, or a request to another machine."""
    async with chromium.watched(browser, forgiven) as one:
        yield one
