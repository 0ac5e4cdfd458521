"""What a coach types after `/coteach`: one line to a slot, a question, a form or a command, and never a guess."""

from __future__ import annotations

from bot.when.clean import LONGEST
from bot.when.parsing import parse, result_json
from bot.when.repeats import occurrences
from bot.when.values import (
    Ask,
    ClosedDay,
    Command,
    Form,
    Period,
    Person,
    Repeat,
    Result,
    School,
    Slot,
    World,
)  # fmt: skip

__all__ = [
    "LONGEST", "Ask", "ClosedDay", "Command", "Form", "Period", "Person", "Repeat", "Result", "School", "Slot", "World",
    "occurrences", "parse", "result_json",
]  # fmt: skip
