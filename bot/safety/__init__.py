"""What may happen in any conversation: words that ask for care, and plain typed commands."""

from __future__ import annotations

from bot.safety.noticing import Care, notice
from bot.safety.typed import Typed, command

__all__ = ["Care", "Typed", "command", "notice"]
