"""botbuilder stands in one file, and a Beside without Teams never loads it."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.house.tree import files, name
from tests.support.process import environment

SDK: Final = ("botbuilder", "botframework", "msrest")
# Serves until it is ready, and then says what was loaded.
SERVES: Final = """
import asyncio, os, signal, sys
from bot import serve
from bot.settings import load
known = serve._until_told
async def told(*arguments):
    asyncio.get_running_loop().call_later(0.2, os.kill, os.getpid(), signal.SIGTERM)
    return await known(*arguments)
serve._until_told = told
code = serve.run(load())
print(code, sorted({name.partition(".")[0] for name in sys.modules} & set(SDK)))
"""


def test_only_one_file_knows_the_sdk() -> None:
    knowing = [
        name(path)
        for path in files("bot", "adapters", "migrations", suffix=".py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(one.partition(".")[0] in SDK for one in _imported(node))
    ]
    assert set(knowing) == {"adapters/teams/sdk.py"}, "write it behind a port of adapters/teams/ports.py"


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]


def test_a_beside_without_teams_never_loads_it(tmp_path: Path) -> None:
    assert _served(tmp_path) == "0 []"


def test_a_beside_with_teams_does(tmp_path: Path) -> None:
    ids = {"BESIDE_TEAMS_APP_ID": "11111111-2222-3333-4444-555555555555", "BESIDE_TEAMS_TENANTS": "t"}
    nobody = {"BESIDE_TEAMS_LOGIN_URL": "http://127.0.0.1:9", "BESIDE_TEAMS_OPENID_URL": "http://127.0.0.1:9/"}
    assert _served(tmp_path, BESIDE_TEAMS_APP_PASSWORD="s", **ids, **nobody) == f"0 {sorted(SDK)}"


def _served(folder: Path, **settings: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"SDK = {SDK}\n{SERVES}"], cwd=folder, env=environment({**settings, "BESIDE_PORT": "0"}),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return done.stdout.splitlines()[-1]
