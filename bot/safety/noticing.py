"""Which care a message asks for, gravest first."""

from __future__ import annotations

from typing import Literal

from bot.safety.children import student_safety
from bot.safety.hearing import Hearing, tidy
from bot.safety.writers import danger, distress, tired

Care = Literal["student_safety", "danger", "distress", "tired"]


def notice(text: str) -> tuple[Care, ...]:
    """What this message may ask care for; nothing where nobody needs to stop.

    The word lists misfire, so every card they lead to says it may have misread. Only the first 4,000 characters count.
    """
    heard = Hearing(tidy(text))
    care: tuple[tuple[Care, bool], ...] = (
        ("student_safety", student_safety(heard)),
        ("danger", danger(heard)),
        ("distress", distress(heard)),
        ("tired", tired(heard)),
    )
    return tuple(name for name, so in care if so)
