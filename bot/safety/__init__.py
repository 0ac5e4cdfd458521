"""What may happen in any conversation: words that ask for care or for something else, names, and typed commands."""

from __future__ import annotations

from bot.safety.languages import Ask, ask, labels
from bot.safety.names import capitalised, without_names
from bot.safety.noticing import Care, notice
from bot.safety.typed import Typed, command

__all__ = ["Ask", "Care", "Typed", "ask", "capitalised", "command", "labels", "notice", "without_names"]
