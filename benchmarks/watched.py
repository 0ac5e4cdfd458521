"""`beside serve` with an eye on its event loop: at SIGUSR1 it tells for how long the loop has stood still at worst."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")
STEP = 0.002


async def watching(program: Coroutine[None, None, T]) -> T:
    """Run it. Each `stall 12.3` is in milliseconds, since the one before."""
    worst = 0.0

    def tell() -> None:
        nonlocal worst
        print(f"stall {worst * 1e3:.1f}", flush=True)
        worst = 0.0

    async def look() -> None:
        nonlocal worst
        while True:
            before = time.perf_counter()
            await asyncio.sleep(STEP)
            worst = max(worst, time.perf_counter() - before - STEP)

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, tell)
    looking = asyncio.create_task(look())
    try:
        return await program
    finally:
        looking.cancel()


if __name__ == "__main__":
    from bot import serve
    from bot.settings import load

    known = serve.serve
    serve.serve = lambda *given: watching(known(*given))
    sys.exit(serve.run(load()))
