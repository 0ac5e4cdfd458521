"""After a person was forgotten, no byte of what they wrote is left: not sealed, not waiting, not with others."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import demo
from bot.cards import plain
from bot.store import Store
from bot.store import tables as t
from bot.vault import Keyring
from tests.store.filled import bytes_of
from tests.support.dialog import Stage, hours
from tests.support.postgres import Server

CANARY = "marmalade"
# Everywhere that a teacher's words can get to, with the coach's own words beside them.
LINES = (
    "given: ben and devi are away",
    "clock: nudge of ana", "ana: [Partly]", f"ana: {CANARY} one went round the whole room.",
    f"ana: {CANARY} two came back in a drawing.", f"ana: {CANARY} three goes on the board first.",
    f"ana: {CANARY} four is what they say then.", "ana: [Share with Sam]", "ana: [Step and notes]",
    "ana: [Share step and notes]",
    f"ana: {CANARY} five was never asked for.",
    f"ana: {CANARY} six was kept as a note.", "ana: [Keep as a note]",
    "ana: now", "ana: [Not yet]", "ana: [Keep it]", f"ana: {CANARY} seven stayed with me for the whole of the day.",
    "ana: I'm stuck",
    "ana: [Ask Sam to think with me]", "ana: [Send]",
    "sam: /coteach @ana thu 10:15 45m launch", "sam: [Send to Ana]", "ana: [Works for me]",
    f"ana: {CANARY} eight is what I am curious about.", f"ana: {CANARY} nine is what we listen to.",
    "ana: /beside mine", "ana: [Older]", "ana: [Open 5]", "ana: [Share with Sam]", "ana: [Share this]",
    "sam: sort", "sam: [With Ana]", "sam: Every one of them begins with a drawing.", "ana: [Join]",
    f"ana: {CANARY} ten is there already, on all of them.", "ana: [They are sorted]",
    f"ana: {CANARY} eleven; {CANARY} twelve", "ana: [That's all of them]", "ana: [Some]", "ana: [Most]",
    f"ana: {CANARY} thirteen is what they are ready for.", "sam: Rows, since they draw in rows already.",
    "sam: now", "sam: the coach kept a pencil, and it was sharp enough.",
)  # fmt: skip


async def play(stage: Stage, *lines: str) -> None:
    for line in lines:
        who, _, words = line.partition(": ")
        await stage.act(who, words, stage.key())


def envelopes(value: object, by: str) -> Iterator[str]:
    """What is sealed under this person's key, wherever it stands in JSON."""
    if isinstance(value, dict):
        if value.get("type") == "own" and value.get("by") == by and value.get("text"):
            yield str(value["text"])
        for inner in value.values():
            yield from envelopes(inner, by)
    elif isinstance(value, list):
        for inner in value:
            yield from envelopes(inner, by)


async def sealed(store: Store, by: str) -> set[bytes]:
    """Every envelope of this person in every table, as the database holds it."""
    found: set[bytes] = set()
    async with store.engine.connect() as connection:
        for table in t.metadata.sorted_tables:
            for row in await connection.execute(table.select()):
                values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
                for name, value in values.items():
                    if isinstance(value, bytes) and values.get(f"{name}_by") == by:
                        found.add(value)
                    elif isinstance(value, str) and value[:1] in ("{", "["):
                        found |= {one.encode() for one in envelopes(json.loads(value), by)}
    return found


async def rows_about(store: Store, person: str) -> dict[str, int]:
    """In which tables this person is named, and how often."""
    found = {}
    async with store.engine.connect() as connection:
        for table in t.metadata.sorted_tables:
            rows = [str(tuple(row)) for row in await connection.execute(table.select())]
            if number := sum(person in row for row in rows):
                found[table.name] = number
    return found


async def written(stage: Stage) -> set[bytes]:
    """Ana has written everywhere, and all of it is there."""
    await play(stage, *LINES)
    assert sum(CANARY in plain(card) for card in stage.shelf.cards[demo.SAM.id].values()) >= 3
    there = await sealed(stage.store, stage.people["ana"].id)
    assert len(there) > 25
    return there


async def forget(stage: Stage) -> None:
    await play(stage, "ana: delete my data", "ana: [Delete what I wrote]")
    ana, sam = stage.people["ana"], stage.people["sam"]
    for person in (ana, sam):
        shown = [plain(card) for card in stage.shelf.cards[person.id].values()]
        assert not [one for one in shown if CANARY in one], "somebody's screen still has the words"
    others = [plain(card) for card in stage.shelf.cards[sam.id].values()]
    assert sum("ithdrawn" in one for one in others) >= 3
    assert any("sharp enough" in one for one in others), "the coach's own words stay the coach's"
    assert any("Booked" in one for one in others), "what both booked stays"
    assert await sealed(stage.store, ana.id) == set()
    left = await rows_about(stage.store, ana.id)
    assert set(left) <= {
        "person",
        "account",
        "partnership",
        "booking",
        "slot",
        "data_key",
        "thread",
        "outbox",
        "seen",
        "showing",
    }, left


def _told(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(record.getMessage() for record in caplog.records)


@pytest.mark.req("LIFE-3")
async def test_of_a_forgotten_teacher_no_byte_is_in_the_file_its_log_the_outbox_or_what_was_logged(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="beside")
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    stage = await Stage.open(store)
    there = await written(stage)
    disk = bytes_of(sqlite_url)
    assert sum(one in disk for one in there) == len(there), "this is how what is left would be found"
    assert CANARY.encode() not in disk
    await forget(stage)
    await play(stage, "clock: week")
    async with store.engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver = raw.driver_connection
        assert driver is not None
        await driver.execute("VACUUM")
        await (await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")).fetchall()
    disk = bytes_of(sqlite_url)
    assert b"Lincoln" in disk
    assert [one for one in there if one in disk] == []
    await store.close()
    disk = bytes_of(sqlite_url)
    assert [one for one in there if one in disk] == []
    assert CANARY not in _told(caplog)


@pytest.mark.slow
@pytest.mark.req("LIFE-3")
async def test_of_a_forgotten_teacher_no_byte_is_in_postgresqls_files_or_a_dump(
    postgres_url: str, postgres_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="beside")
    name = postgres_url.rpartition("/")[2]
    store = await Store.open(postgres_url, Keyring.of("k1"))
    stage = await Stage.open(store)
    there = await written(stage)
    oid = postgres_server.sql("SELECT oid FROM pg_database WHERE datname = current_database()", database=name).strip()
    heap = postgres_server.data / "base" / oid

    def disk() -> bytes:
        postgres_server.sql("CHECKPOINT")
        return b"".join(path.read_bytes() for path in sorted(heap.iterdir()) if path.is_file())

    def dumped() -> str:
        return "\n".join(
            postgres_server.sql(f'COPY "{table}" TO STDOUT', database=name) for table in sorted(t.metadata.tables)
        )

    before = disk()
    found = [one for one in there if one in before]
    assert len(found) > 5, "this is how what is left would be found; long texts are compressed there"
    dump = dumped()
    assert all(one.hex() in dump or one.decode("ascii", "replace") in dump for one in there)
    await forget(stage)
    async with store.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM FULL"))
    after, dump = disk(), dumped()
    assert b"Lincoln" in after
    assert [one for one in there if one in after] == []
    assert [one for one in there if one.hex() in dump or one.decode("ascii", "replace") in dump] == []
    assert CANARY not in dump
    assert CANARY not in _told(caplog)
    await store.close()


async def test_what_waits_for_the_coach_says_so_before_it_is_sent(tmp_path: Path) -> None:
    """Shared while the coach could not be reached, and forgotten before the coach could."""
    store = await Store.open(f"sqlite:///{tmp_path / 'b.sqlite3'}", Keyring.of("k1"))
    stage = await Stage.open(store)
    await play(stage, "given: ben and devi are away", "ana: /beside mine", "ana: [Open 1]", "ana: [Share with Sam]")
    shelf = stage.platforms.pop("web")
    for line in ("[Share this]", "/beside delete", "[Delete what I wrote]"):
        stage.answered("ana", await stage.engine.handle(stage.event("ana", line, stage.key())))
    stage.platforms["web"] = shelf
    stage.clock.move(stage.clock() + hours(1))
    await stage.settle()
    assert [plain(card) for card in stage.shelf.cards[demo.SAM.id].values()] == ["Withdrawn. Ana took this back."]
    await store.close()
