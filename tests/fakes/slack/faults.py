"""How a platform fails: by answer, by line, by time; and how it slows down who talks too much."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

Work = Callable[[], Awaitable[web.Response]]
Kind = Literal["429", "500", "502", "error", "cut_before", "cut_after", "hang", "slow", "garbage"]


@dataclass
class Fault:
    """One way to fail, for so many calls (`times=None`: until it is taken away).

    `method` is a Web API method, `response_url` or `*`; an empty `channel` or `team` means any.
    `429` without `retry_after` has no Retry-After header; `error` is `{"ok": false, "error": error}` with 200;
    `cut_before` hangs up with nothing done, `cut_after` with everything done but unsaid; `hang` waits `seconds` and
    hangs up with nothing done; `slow` waits and then works; `garbage` works and answers what is not JSON.
    """

    kind: Kind
    method: str = "*"
    channel: str = ""
    team: str = ""
    times: int | None = 1
    seconds: float = 1.0
    retry_after: int | None = None
    error: str = "internal_error"

    def meets(self, method: str, team: str, channel: str) -> bool:
        return (
            self.times != 0
            and self.method in {"*", method}
            and self.team in {"", team}
            and self.channel in {"", channel}
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

    def take(self, method: str, team: str, channel: str) -> Fault | None:
        for fault in self.all:
            if fault.meets(method, team, channel):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    async def answer(self, fault: Fault, request: web.Request, work: Work) -> web.Response:
        """What the caller gets instead; `work` is done where the fault strikes after it."""
        match fault.kind:
            case "429":
                headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case "500":
                return web.json_response({"ok": False, "error": "internal_error"}, status=500)
            case "502":
                page = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
                return web.Response(text=page, status=502, content_type="text/html")
            case "error":
                return web.json_response({"ok": False, "error": fault.error})
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
                return web.Response(text='{"ok": tr', content_type="application/json")

    async def wait(self, seconds: float) -> None:
        """Wait, but not longer than the server lives."""
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
    """One message a second in each conversation, with a few at once before it tells.

    `whole` is what a workspace takes in a second, where it is limited too.
    """

    def __init__(self, a_second: float = 1.0, at_once: int = 4, whole: float = 0.0) -> None:
        self.a_second = a_second
        self.at_once = at_once
        self.whole = whole
        self.on = True
        self._left: dict[str, tuple[float, float]] = {}

    def wait_for(self, conversation: str) -> int:
        """Whole seconds to wait, or 0 when this message may pass."""
        return self._wait(conversation, self.a_second, self.at_once)

    def wait_in(self, workspace: str) -> int:
        """The same for all that is written in one workspace."""
        return self._wait(workspace, self.whole, math.ceil(2 * self.whole)) if self.whole else 0

    def _wait(self, where: str, a_second: float, at_once: int) -> int:
        if not self.on:
            return 0
        now = time.monotonic()
        left, since = self._left.get(where, (float(at_once), now))
        left = min(float(at_once), left + (now - since) * a_second)
        passes = left >= 1.0
        self._left[where] = (left - 1.0 if passes else left, now)
        return 0 if passes else max(1, math.ceil((1.0 - left) / a_second))
