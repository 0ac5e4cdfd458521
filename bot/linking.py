"""One person in two chats: the codes that say so, and what became of one that was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from msgspec import Struct

from bot.events import Account, AnyEvent, Commanded, Said
from bot.safety import command

# Crockford's: no I, L, O or U. Nine of 32 are 45 bits; one is always a digit, so that no word looks like a code.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 9
LIVES = timedelta(minutes=15)
WRONG_TRIES = 5
TRIES_COUNT = timedelta(hours=1)
_ALIKE = str.maketrans("OIL", "011")


class Linking(Struct, frozen=True):
    """What `link` led to. `account` is the chat in which a found code was given, `person` whose it is, if anybody's.

    `same`: both chats are this one person's already; `two`: both are known, as two people.
    """

    outcome: Literal["drawn", "found", "unknown", "often", "same", "two"]
    code: str = ""
    account: Account | None = None
    person: str = ""


def typed(event: AnyEvent) -> str | None:
    """The code after `link`, empty where there was none; None where the event is about something else."""
    match event:
        case Commanded(command="beside", text=text):
            word, _, rest = text.strip().partition(" ")
            return rest.strip() if word.lower() == "link" else None
        case Said(text=text):
            wish = command(text)
            return wish.rest if wish is not None and wish.name == "link" else None
        case _:
            return None


def read(code: str) -> str:
    """A code as it was drawn, however it was typed."""
    return "".join(filter(str.isalnum, code.upper())).translate(_ALIKE)


def spelled(code: str) -> str:
    """In groups of three, as people read it out."""
    return "-".join(code[n : n + 3] for n in range(0, len(code), 3))
