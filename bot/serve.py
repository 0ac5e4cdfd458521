"""`beside serve`: everything wired together, started, and stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import importlib
import logging
import os
import pkgutil
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, cast

from aiohttp import web

from bot import demo
from bot.clock import MovableClock, Now, real, zone_rules
from bot.data import languages
from bot.engine import Engine
from bot.flows import vocabulary
from bot.guard import rules
from bot.installing import Installing
from bot.listening import NotHad, bound, knocking
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.outside import feeds
from bot.outside.links import OWN_PAGE, Ways
from bot.outside.mailing import Mail
from bot.outside.refreshing import Refresher
from bot.parting import Parting
from bot.platform import Adapter, Ground, Platform
from bot.playground import Playground
from bot.safety import notice, without_names
from bot.stems import Library
from bot.store import Store
from bot.store.lanes import MAIL
from bot.timer import Timer
from bot.vault import Keyring
from bot.web import application, runner
from bot.words import Lines

if TYPE_CHECKING:
    from bot.settings import Settings

log = logging.getLogger("beside.serve")
FIRST_ORGANIZATION = "org-1"
A_MOMENT = 0.25


async def open_store(settings: Settings) -> Store:
    """The database, brought to head unless the settings say not to."""
    return await Store.open(settings.database_url.get_secret_value(), Keyring.load(settings), migrate=settings.migrate)


async def serve(settings: Settings, door: socket) -> int:
    """Serve until SIGTERM or SIGINT; a second one ends at once."""
    store = await open_store(settings)
    await _take_over(store, settings)
    await store.follow_zone_rules(zone_rules())
    platforms: dict[str, Platform] = {}
    organization = await _organization(store, settings)
    clock = await _clock(store, organization, settings)
    address = settings.public_url or (OWN_PAGE if settings.with_playground else "")
    metrics = Metrics()
    engine = Engine(store, clock, metrics=metrics, ways=Ways(address, bool(settings.smtp_host)))
    store.on_fault(metrics.fault)
    store.on_erasure(metrics.erased)
    store.on_shut(metrics.shut)
    metrics.guards(platforms)
    outbox = Outbox(store, engine, platforms, clock, metrics, address)
    engine.wake = outbox.wake
    # Removals are told by the platform's clock, so the playground's never counts.
    parting = Parting(store, organization, real)
    timer = Timer(store, outbox, clock, Refresher(store, clock, loopback=settings.calendar_loopback), parting)
    app = application(store.ready, metrics, partial(_look, store, metrics, clock))
    outbox.hands.add_to(app)
    feeds.mount(app, store, clock)
    if settings.smtp_host:
        platforms[MAIL] = Mail(store, settings, clock)
    movable = clock if isinstance(clock, MovableClock) else MovableClock(demo.OPENS)
    house = Playground(store, organization, movable, outbox, timer, await _zone(store, organization))
    installs = Installing(store, organization, real)
    for name, adapter in found():
        if adapter.wanted(settings):
            await installs.stands_for(name, adapter.team(settings))
            platforms[name] = await adapter.connect(
                Ground(
                    app=app, door=engine, settings=settings, house=house, installs=installs, commands=vocabulary()
                )
            )  # fmt: skip
    try:
        return await _until_told(app, door, settings, outbox, timer, metrics)
    finally:
        await store.close()


def found() -> Iterator[tuple[str, Adapter]]:
    """Every folder in `adapters/`: a platform is added by putting one there."""
    import adapters

    for folder in pkgutil.iter_modules(adapters.__path__):
        yield folder.name, cast("Adapter", importlib.import_module(f"adapters.{folder.name}"))


async def _until_told(
    app: web.Application, door: socket, settings: Settings, outbox: Outbox, timer: Timer, metrics: Metrics
) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, lambda: os._exit(1) if stop.is_set() else stop.set())
    served = runner(app)
    await served.setup()
    server = served.server
    assert server is not None  # noqa: S101 - it was set up
    site = web.SockSite(served, door)
    await site.start()
    known = [*(name for name, _ in found()), MAIL]
    reading = asyncio.create_task(asyncio.to_thread(_read_ahead), name="words")
    sending = asyncio.create_task(outbox.run(known), name="outbox")
    watching = asyncio.create_task(_watch(metrics), name="loop watch")
    timer.start()
    port = served.addresses[0][1]
    print(
        f"Beside is at http://{settings.host}:{port}" + (" (playground)" if settings.with_playground else ""),
        flush=True,
    )
    await stop.wait()
    timer.stop()
    late = knocking(door)
    await site.stop()
    for one in late:
        one.setblocking(False)
        await loop.connect_accepted_socket(server, one)
    # Who has just come in has a moment to say what they want.
    await asyncio.gather(outbox.stop(), asyncio.sleep(A_MOMENT))
    watching.cancel()
    await reading
    await sending
    await served.cleanup()
    return 0


async def _look(store: Store, metrics: Metrics, now: Now) -> None:
    """What a figure needs the database for; one that is away leaves the last figures."""
    try:
        backlog = await store.backlog(now())
    except Exception as fault:  # noqa: BLE001 - the other figures are told all the same
        log.error("figures could not be read: %s", type(fault).__name__)
    else:
        metrics.waiting.set(backlog.waiting)
        metrics.oldest.set(backlog.oldest)
        metrics.parked.set(sum(backlog.parked.values()))
        metrics.due_lag.set(backlog.due_lag)


async def _watch(metrics: Metrics) -> None:
    """How late this loop wakes up: the worst of each ten seconds."""
    loop, worst, until = asyncio.get_running_loop(), 0.0, 0.0
    while True:
        wanted = loop.time() + 0.05
        await asyncio.sleep(0.05)
        worst = max(worst, loop.time() - wanted)
        if loop.time() > until:
            metrics.loop_lag.set(worst)
            worst, until = 0.0, loop.time() + 10


async def _organization(store: Store, settings: Settings) -> str:
    """The organization that the configured platforms belong to; a fresh playground gets the sample school."""
    there = await store.organizations()
    own = [one for one in there if one != demo.ORGANIZATION]
    if there:
        # A school of one's own goes before the sample that the playground made.
        return (own or there)[0]
    if settings.with_playground:
        await demo.make(store)
        return demo.ORGANIZATION
    await store.create_organization(FIRST_ORGANIZATION, "Beside")
    return FIRST_ORGANIZATION


async def _clock(store: Store, organization: str, settings: Settings) -> Now:
    """The machine's clock; in the playground one that goes on from where it was, or opens on a school Tuesday."""
    if not settings.with_playground:
        return real
    async with store.begin(organization) as tx:
        kept = await tx.stored_clock()
    return MovableClock(kept or demo.OPENS)


async def _zone(store: Store, organization: str) -> str:
    async with store.begin(organization) as tx:
        people = await tx.everybody()
    return people[0].zone if people else demo.ZONE


@contextlib.contextmanager
def _alone(url: str) -> Iterator[bool]:
    """SQLite serves one process: the second one is told which setting to change."""
    if not url.startswith("sqlite"):
        yield True
        return
    path = Path(url.partition("///")[2] + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


async def _take_over(store: Store, settings: Settings) -> None:
    """Who has the SQLite file to itself need not wait until the leases of a killed process run out."""
    if settings.database_url.get_secret_value().startswith("sqlite"):
        async with store.clock() as clock:
            await clock.release_all()


def _read_ahead() -> None:
    """What the first person of each language would wait for, and everybody with them."""
    notice("hello")
    for language in languages():
        Lines.load(language)
        Library.load(language)
        without_names("hello", language=language)
        rules(language)


def _loop() -> Callable[[], asyncio.AbstractEventLoop]:
    """The loop of uvloop, which needs less time for the same. Nothing but a server loads it."""
    import uvloop

    return uvloop.new_event_loop


def _hush() -> None:
    """Of what the libraries tell, what somebody who runs this can use; and nobody's words."""
    for noisy in ("apscheduler", "aiosqlite", "slack_bolt", "slack_sdk", "alembic", "msrest"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It writes whole tracebacks when its line is cut; that the lanes rest is told by the runner.
    logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)


def run(settings: Settings) -> int:
    """`beside serve`, as an exit code; what cannot be opened is said in one line."""
    from bot.store import CannotOpen

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    _hush()
    with _alone(settings.database_url.get_secret_value()) as alone:
        if not alone:
            print(
                "Another process serves this SQLite file. Stop it, or set BESIDE_DATABASE_URL to a PostgreSQL address.",
                file=sys.stderr,
            )
            return 2
        try:
            with bound(settings.host, settings.port) as door, asyncio.Runner(loop_factory=_loop()) as runner:
                return runner.run(serve(settings, door))
        except (CannotOpen, NotHad) as fault:
            print(fault, file=sys.stderr)
            return 2
