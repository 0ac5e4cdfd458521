"""What the parent of `forking.py` has at hand before it forks: everything of ours, and what that imports late."""

import importlib
import pkgutil

import adapters
import bot
from bot.stems import Library
from bot.words import Lines

LATE = ("alembic.command", "sqlalchemy.dialects.postgresql.asyncpg", "sqlalchemy.dialects.sqlite.aiosqlite", "yaml")

for house in (bot, adapters):
    for found in pkgutil.walk_packages(house.__path__, f"{house.__name__}."):
        if not found.name.endswith(".__main__"):
            importlib.import_module(found.name)
for name in LATE:
    importlib.import_module(name)
Lines.load()
Library.load()
