"""What every test may ask for, and what none may do: skip, reach another machine, leave work running."""

import asyncio
import os
from collections.abc import AsyncIterator, Generator, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.async_api import Browser, Page, expect

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
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    yield postgres_server.make_database(name)
    postgres_server.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file of this test's own, not made yet."""
    return f"sqlite:///{tmp_path / 'beside.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
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
