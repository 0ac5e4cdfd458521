"""The guards themselves: what would catch a test that skips, wanders off, or needs what is not there."""

import ast
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.house.test_repository import _worldly
from tests.house.tree import ROOT
from tests.support.browser import NoBrowser, chromium_path, watched
from tests.support.forking import Program
from tests.support.network import Outside, guarded, is_loopback
from tests.support.postgres import NoPostgres, Server, find_binaries, private_server


def test_a_connection_to_another_machine_is_refused_and_remembered() -> None:
    with pytest.raises(Outside, match=r"192\.0\.2\.1"), guarded(), socket.socket() as one, suppress(Outside):
        one.connect(("192.0.2.1", 443))


def test_a_name_of_another_machine_is_not_even_looked_up() -> None:
    with pytest.raises(Outside, match=r"example\.com"), guarded(), suppress(Outside):
        socket.getaddrinfo("example.com", 443)


def test_this_machine_may_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, guarded():
        socket.create_connection(("localhost", server.getsockname()[1])).close()


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("slack.com", False),
    ],
)
def test_knows_this_machine_from_others(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours


def test_a_skipped_or_forgiven_test_counts_as_failed(tmp_path: Path) -> None:
    (tmp_path / "test_lazy.py").write_text(
        "import pytest\n"
        "def test_skips():\n    pytest.skip('later')\n"
        "@pytest.mark.skipif(True, reason='never')\ndef test_is_skipped():\n    pass\n"
        "@pytest.mark.xfail\ndef test_fails_as_expected():\n    raise ValueError\n"
        "@pytest.mark.xfail\ndef test_passes_unexpectedly():\n    pass\n"
        "def test_is_fine():\n    pass\n",
        "utf-8",
    )
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path),
            "-p", "tests.conftest", "-p", "no:cacheprovider", str(tmp_path),
        ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "1 passed" in done.stdout
    assert "skipped" not in done.stdout.splitlines()[-1]
    assert done.stdout.count("which no test here may be") >= 4


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("async def step(): ...", "async def step"),
        ("import datetime as d\nfrom datetime import datetime\nx = datetime.now()", "datetime.now"),
        ("import datetime\nx = datetime.datetime.now(datetime.UTC)", "datetime.datetime.now"),
        ("from datetime import date\nx = date.today", "date.today"),
        ("import time", "import time"),
        ("from random import choice", "from random import …"),
        ("from uuid import uuid4", "from uuid import uuid4"),
        ("import uuid\nx = uuid.uuid4()", "uuid.uuid4"),
    ],
)
def test_asking_the_world_is_seen(code: str, found: str) -> None:
    assert found in [what for _, what in _worldly(ast.parse(code))]


def test_deciding_is_left_alone() -> None:
    code = "from datetime import time\nfrom uuid import uuid5\ndef step(event): return event.at, uuid5(event.key, 'x')"
    assert list(_worldly(ast.parse(code))) == []


def test_a_missing_database_server_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(NoPostgres, match="no initdb in it"):
        find_binaries()


def test_a_missing_browser_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    with pytest.raises(NoBrowser, match="make setup-browser"):
        chromium_path()


def test_a_durable_server_keeps_what_it_committed_when_it_is_killed() -> None:
    with private_server() as server:
        server.make_database("kept")
        server.sql("create table said (words text)", database="kept")
        server.sql("insert into said values ('on paper')", database="kept")
        server.restart("immediate")
        assert server.sql("select words from said", database="kept") == "on paper"
        assert server.sql("show fsync") == "on"


def test_a_database_can_be_a_copy_of_another(postgres_server: Server, postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    postgres_server.sql("create table seed (n int)", database=name)
    postgres_server.make_database(f"{name}_copy", template=name)
    assert postgres_server.sql("select count(*) from seed", database=f"{name}_copy") == "0"
    postgres_server.drop_database(f"{name}_copy")


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("throw new Error('lost the thread')", "uncaught: Error: lost the thread"),
        ("console.error('nothing came')", "console: nothing came"),
        ("new Image().src = 'http://example.com/pixel'", "asked another host: http://example.com/pixel"),
    ],
)
async def test_a_page_is_answerable_for_what_goes_wrong_in_it(browser: Browser, script: str, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        async with watched(browser, forgiven=["ERR_"]) as page:
            await page.goto(f"data:text/html,<script>{script}</script>")


async def test_a_page_is_forgiven_what_the_test_provoked(browser: Browser) -> None:
    async with watched(browser, forgiven=["nothing came"]) as page:
        await page.goto("data:text/html,<script>console.error('nothing came')</script>")


async def test_a_forked_program_has_its_parts_at_hand_and_is_a_process_of_its_own(tmp_path: Path) -> None:
    told, look = tmp_path / "told", "import os, sys; print(os.getpid(), 'bot.serve' in sys.modules, dict(os.environ))"
    program = await Program.start(tmp_path, {"A": "b"}, told, told, "-m", "timeit", "-n1", "-r1", look)
    assert await program.wait() == 0
    assert told.read_text("utf-8").startswith(f"{program.pid} True {{'A': 'b'}}\n")


async def test_a_forked_program_can_be_killed_where_it_stands(tmp_path: Path) -> None:
    program = await Program.start(tmp_path, {}, tmp_path / "out", tmp_path / "err", "-m", "http.server", "0")
    program.kill()
    assert await program.wait() == -9
