"""A job queue on PostgreSQL with one job per message: Procrastinate, as its documentation sets it up.

python -m benchmarks.peer_procrastinate sent NUMBER URL
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import procrastinate

AT_ONCE = 20
DONE: list[float] = []


async def main(number: int, url: str) -> None:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

    @app.task(name="send")
    async def send(person: int) -> None:
        DONE.append(time.perf_counter())

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for first in range(0, number, 1000):
            await send.batch_defer_async(*({"person": n} for n in range(first, min(first + 1000, number))))
        begun = time.perf_counter()
        await app.run_worker_async(concurrency=AT_ONCE, wait=False, install_signal_handlers=False)
        assert len(DONE) == number, len(DONE)
        print(json.dumps({"seconds": DONE[-1] - begun}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[2]), sys.argv[3]))
