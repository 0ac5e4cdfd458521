"""The same ears in Spanish. A verb's ending says who is meant there, so the lists are their own and no translation."""

from __future__ import annotations

from bot.safety.spanish.asks import ask, labels
from bot.safety.spanish.children import student_safety
from bot.safety.spanish.hearing import heard
from bot.safety.spanish.typed import command
from bot.safety.spanish.writers import danger, distress, tired

__all__ = ["ask", "command", "danger", "distress", "heard", "labels", "student_safety", "tired"]
