"""Every folder in `adapters/` is a platform, found without being named anywhere."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import adapters
from bot.platform import Ground
from bot.serve import found
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
NAMES = sorted(folder.name for folder in pkgutil.iter_modules(adapters.__path__))


def test_the_server_finds_every_folder() -> None:
    assert sorted(name for name, _ in found()) == NAMES
    assert {"slack", "teams", "web"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_offers_what_the_server_asks_for(name: str) -> None:
    adapter = importlib.import_module(f"adapters.{name}")
    assert isinstance(adapter.team(Settings()), str)
    assert isinstance(adapter.wanted(Settings()), bool)
    assert inspect.iscoroutinefunction(adapter.connect)
    assert list(inspect.signature(adapter.connect).parameters) == ["ground"]
    assert Ground.__struct_fields__ == ("app", "door", "settings", "house", "installs", "commands")
    for part in ("inbound", "render"):
        assert importlib.util.find_spec(f"adapters.{name}.{part}"), f"adapters/{name}/{part}.py is missing"


@pytest.mark.parametrize("name", NAMES)
def test_asking_whether_it_is_wanted_imports_nothing_heavy(name: str) -> None:
    heavy = ("slack_bolt", "slack_sdk", "botbuilder", "botframework", "msrest", "jwt", "aiohttp", "sqlalchemy")
    program = f"import adapters.{name}, sys; print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
