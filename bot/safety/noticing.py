"""Which care a message asks for, gravest first."""

from __future__ import annotations

from typing import Literal

from bot.safety.children import student_safety
from bot.safety.hearing import Hearing, tidy
from bot.safety.writers import danger, distress, tired

Care = Literal["student_safety", "danger", "distress", "tired"]


def notice(text: str) -> tuple[Care, ...]:
    """What this message may ask care for; nothing where nobody needs to stop.

    Every language there is gets heard, whoever writes: a person in danger may write in the one that is nearest.
    The word lists misfire, so every card they lead to says it may have misread. Only the first 4,000 characters count.
    """
    from bot.safety import families, spanish  # heard from the first message on: they take a moment to be made ready

    tidied = tidy(text)
    ears, oido = Hearing(tidied), spanish.heard(tidied)
    told = families.heard(ears.own, ears.text, "en") | families.heard(oido.own, oido.text, "es")
    care: tuple[tuple[Care, bool], ...] = (
        ("student_safety", student_safety(ears) or spanish.student_safety(oido)),
        ("danger", danger(ears) or spanish.danger(oido)),
        ("distress", distress(ears) or spanish.distress(oido)),
        ("tired", tired(ears) or spanish.tired(oido)),
    )
    return tuple(name for name, so in care if so or name in told)
