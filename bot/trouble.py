"""What is told when a conversation fails: to the log where, to the person what to do, and to both one reference."""

from __future__ import annotations

import logging
from hashlib import sha256

from bot.answering import line
from bot.cards import OnlyYou
from bot.events import FromPlatform

log = logging.getLogger("beside.engine")


def told(event: FromPlatform, fault: Exception) -> OnlyYou:
    """The class alone is logged: a message may hold somebody's words."""
    reference = sha256(event.key.encode()).hexdigest()[:8]
    log.error("flow failed: %s %s at %s ref=%s", type(event).__name__, type(fault).__name__, _place(fault), reference)
    return line("house.trouble", event, reference=reference)


def _place(fault: BaseException) -> str:
    """File and line where it failed, without the message."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "?"
