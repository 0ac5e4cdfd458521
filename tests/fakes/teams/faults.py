"""How a platform fails: by answer, by line, by time; and how it slows down who talks too much."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal

from aiohttp import web

Work = Callable[[], Awaitable[web.Response]]
Kind = Literal[
    "403", "404", "412", "429", "500", "502", "503", "504", "cut_before", "cut_after", "hang", "slow", "garbage"
]
_SAYS: Final = {
    "403": ("ConversationBlockedByUser", "User blocked the conversation with the bot."),
    "404": ("ConversationNotFound", "Conversation not found."),
    "412": ("PreconditionFailed", "Precondition failed, please try again."),
    "429": ("Throttled", "Too many requests."),
    "500": ("ServiceError", "An error occurred in the service."),
    "503": ("ServiceUnavailable", "Service is unavailable."),
    "504": ("GatewayTimeout", "Gateway timeout."),
}


@dataclass
class Fault:
    """One way to fail, for so many calls (`times=None`: until it is taken away).

    `method` is one of `server.METHODS` or a pattern such as `login.*`; an empty `conversation` or `tenant` means any.
    `429` without `retry_after` has no Retry-After header; `code` replaces the usual error code; `502` is HTML.
    `cut_before` hangs up with nothing done (for ever, that is a cloud that is down), `cut_after` with everything done
    but unsaid; `hang` waits `seconds` and hangs up with nothing done; `slow` waits and then works; `garbage` works and
    answers what is not JSON.
    """

    kind: Kind
    method: str = "*"
    conversation: str = ""
    tenant: str = ""
    times: int | None = 1
    seconds: float = 1.0
    retry_after: int | None = None
    code: str = ""

    def meets(self, method: str, tenant: str, conversation: str) -> bool:
        return (
            self.times != 0
            and fnmatchcase(method, self.method)
            and self.tenant in {"", tenant}
            and self.conversation in {"", conversation}
        )


class Faults:
    """The faults in force; the first that fits a call is used and counted down."""

    def __init__(self) -> None:
        self.all: list[Fault] = []
        self.closing = asyncio.Event()

    def add(self, fault: Fault) -> Fault:
        self.all.append(fault)
        return fault

    def clear(self) -> None:
        self.all.clear()

    def take(self, method: str, tenant: str, conversation: str) -> Fault | None:
        for fault in self.all:
            if fault.meets(method, tenant, conversation):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    async def answer(self, fault: Fault, request: web.Request, work: Work) -> web.Response:
        """What the caller gets instead; `work` is done where the fault strikes after it."""
        match fault.kind:
            case "502":
                page = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
                return web.Response(text=page, status=502, content_type="text/html")
            case "cut_before":
                return _hang_up(request)
            case "cut_after":
                await work()
                return _hang_up(request)
            case "hang":
                await self.wait(fault.seconds)
                return _hang_up(request)
            case "slow":
                await self.wait(fault.seconds)
                return await work()
            case "garbage":
                await work()
                return web.Response(text='{"id": tr', content_type="application/json")
            case _:
                code, message = _SAYS[fault.kind]
                body = {"error": {"code": fault.code or code, "message": message}}
                headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
                return web.json_response(body, status=int(fault.kind), headers=headers)

    async def wait(self, seconds: float) -> None:
        """Wait, but not longer than the server lives."""
        if seconds > 0:
            try:
                await asyncio.wait_for(self.closing.wait(), seconds)
            except TimeoutError:
                return


def _hang_up(request: web.Request) -> web.Response:
    """The line is cut: what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


class Pace:
    """Teams' published limits: so many calls in so many seconds, in each conversation and for the whole app."""

    def __init__(self) -> None:
        self.in_conversation: tuple[tuple[int, float], ...] = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
        self.in_tenant: tuple[tuple[int, float], ...] = ((50, 1.0),)
        self.on = True
        self._when: dict[str, deque[float]] = {}

    def wait_for(self, tenant: str, conversation: str) -> int:
        """Whole seconds to wait, or 0 when this call may pass. A refused call does not count."""
        if not self.on:
            return 0
        now = time.monotonic()
        limits = ((f"{tenant} {conversation}", self.in_conversation), (tenant, self.in_tenant))
        waits = [self._wait(name, windows, now) for name, windows in limits]
        if not any(waits):
            for name, _ in limits:
                self._when[name].append(now)
        return max(math.ceil(one) for one in waits)

    def _wait(self, name: str, windows: tuple[tuple[int, float], ...], now: float) -> float:
        calls = self._when.setdefault(name, deque(maxlen=1800))
        waits = [calls[-most] + seconds - now for most, seconds in windows if len(calls) >= most]
        return max([0.0, *waits])
