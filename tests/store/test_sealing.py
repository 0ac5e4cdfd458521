"""What people wrote is nowhere in the clear, opens nowhere but in its place, and is gone when they want it gone."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from bot.records import Own
from bot.store import Store, Thread, Tx
from bot.store.tables import metadata
from bot.vault import Keyring, Tampered
from tests.store.filled import AT, House, bytes_of, cell, fill, put, rows_of, say
from tests.support.postgres import Server


@pytest.mark.req("LOCK-1")
async def test_no_word_is_in_the_file_or_its_log(sqlite_store: Store, sqlite_url: str) -> None:
    await fill(sqlite_store, "a")
    kept = bytes_of(sqlite_url)
    assert b"School a" in kept, "this is how what is not sealed would be found"
    assert b"canary" not in kept
    assert b"@a.example" not in kept
    await sqlite_store.close()
    assert b"canary" not in bytes_of(sqlite_url)


@pytest.mark.req("LOCK-1")
async def test_no_word_is_in_a_dump(postgres_url: str, postgres_server: Server, keyring: Keyring) -> None:
    store = await Store.open(postgres_url, keyring)
    await fill(store, "a")
    await store.close()
    name = postgres_url.rpartition("/")[2]
    dump = "\n".join(
        postgres_server.sql(f'COPY "{table}" TO STDOUT', database=name) for table in sorted(metadata.tables)
    )
    assert "School a" in dump
    for trace in ("canary", b"canary".hex(), base64.b64encode(b"canary").decode()[:8], "@a.example"):
        assert trace not in dump


# Every place where words stand: table, column, how its row is found, and how it is read.
PLACES: dict[tuple[str, str], tuple[dict[str, str], Any]] = {
    ("reflection", "words"): ({"id": "reflection"}, lambda tx, h: tx.get("reflection", h.of("reflection"))),
    ("reflection", "about"): ({"id": "reflection"}, lambda tx, h: tx.get("reflection", h.of("reflection"))),
    ("next_step", "words"): ({"id": "step"}, lambda tx, h: tx.get("next_step", h.of("step"))),
    ("next_step", "how_we_know"): ({"id": "step"}, lambda tx, h: tx.recent_steps(h.of("teacher"))),
    ("step_event", "words"): ({"step": "step"}, lambda tx, h: tx.step_history(h.of("step"))),
    ("question", "stem"): ({"id": "question"}, lambda tx, h: tx.questions("en")),
    ("calendar", "mail"): ({"person_id": "teacher"}, lambda tx, h: tx.calendar(h.of("teacher"))),
    ("subscription", "address"): ({"id": "subscription"}, lambda tx, h: tx.subscriptions(h.of("teacher"))),
    ("slot", "focus_question"): ({"id": "slot"}, lambda tx, h: tx.get("slot", h.of("slot"))),
    ("slot", "listen_to"): ({"id": "slot"}, lambda tx, h: tx.slots(h.of("thread"))),
    ("thread", "state"): ({"id": "thread"}, lambda tx, h: tx.thread(h.of("thread"))),
    ("seen", "answer"): ({"key": "key"}, lambda tx, h: tx.told(h.of("key"))),
    ("outbox", "card"): ({"occurrence_key": "parcel"}, lambda tx, h: tx.card(h.of("parcel"))),
    ("remark", "body"): ({"key": "remark"}, lambda tx, h: tx.remarks(h.of("coach"))),
}


def test_the_places_are_all_columns_of_words() -> None:
    other = {"zone_by"}  # whose word a zone is, which is no word of theirs
    columns = {
        (table.name, c.name[:-3])
        for table in metadata.sorted_tables
        for c in table.c
        if c.name.endswith("_by") and c.name not in other
    }
    bodies = {("thread", "state"), ("seen", "answer"), ("outbox", "card"), ("remark", "body")}
    assert set(PLACES) == columns | bodies


def cut(value: Any) -> Any:  # noqa: ANN401 - bytes or text
    """The same envelope without its last byte."""
    if isinstance(value, bytes):
        return value[:-1]
    found = json.loads(value)
    owns = _owns(found)
    owns[0]["text"] = base64.b64encode(base64.b64decode(owns[0]["text"])[:-1]).decode()
    return json.dumps(found)


def _owns(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return [value] if value.get("type") == "own" else [one for v in value.values() for one in _owns(v)]
    return [one for v in value for one in _owns(v)] if isinstance(value, list) else []


async def double(store: Store, house: House) -> None:
    """In each place a second row, which is never touched or is where the envelopes are moved from."""
    async with store.begin(house.id) as tx:
        await tx.keep(house.reflection("2"))
        await tx.keep(house.step("2"))
        await tx.keep(house.slot("2", status="proposed", thread="else"))
        await tx.first(house.of("key2"), AT)
        await tx.remember(house.of("key2"), house.answer())


@pytest.mark.req("LOCK-2")
@pytest.mark.parametrize("place", PLACES, ids=".".join)
async def test_an_envelope_that_was_moved_or_cut_is_refused_and_the_rows_beside_it_open(
    store: Store, place: tuple[str, str]
) -> None:
    a, b = await fill(store, "a"), await fill(store, "b")
    await double(store, a)
    table, column = place
    where, read = PLACES[place]
    mine = {name: a.of(value) for name, value in where.items()}
    sealed = await cell(store, table, column, **mine)
    wrong = {
        "cut": cut(sealed),
        "organization": await cell(store, table, column, **{name: b.of(value) for name, value in where.items()}),
        "column": await another_column(store, a, place),
        "row": await another_row(store, a, table, column, mine),
    }
    if not isinstance(sealed, bytes):
        wrong["organization"] = wrong["organization"].replace("b-", "a-")
    for how, value in wrong.items():
        if value is None:
            continue
        await put(store, table, column, value, **mine)
        with pytest.raises(Tampered):
            await reading(store, a, read)
        await put(store, table, column, sealed, **mine)
        assert await reading(store, a, read), how
    await put(store, table, column, cut(sealed), **mine)
    for others, (_, read_other) in PLACES.items():
        if others[0] != table:
            assert await reading(store, a, read_other), others
    async with store.begin("a") as tx:
        assert await tx.get("reflection", a.of("reflection2")) == a.reflection("2")
        assert await tx.get("next_step", a.of("step2")) == a.step("2")
        assert await tx.told(a.of("key2")) == a.answer()


async def reading(store: Store, house: House, read: Any) -> Any:  # noqa: ANN401 - whatever stands there
    async with store.begin(house.id) as tx:
        return await read(tx, house)


async def another_column(store: Store, house: House, place: tuple[str, str]) -> Any:  # noqa: ANN401 - an envelope
    """Words of the same person from elsewhere, in the shape of this place."""
    if place == ("slot", "listen_to"):
        return None  # all that the coach wrote stands in other shapes
    if place == ("question", "stem"):
        return None  # the organization's own words stand nowhere else
    if place in {
        ("reflection", "words"), ("reflection", "about"), ("slot", "focus_question"), ("next_step", "how_we_know"),
        ("step_event", "words"), ("calendar", "mail"), ("subscription", "address"),
    }:  # fmt: skip
        return await cell(store, "next_step", "words", id=house.of("step"))
    if place == ("next_step", "words"):
        return await cell(store, "next_step", "how_we_know", id=house.of("step"))
    table, column = place
    where = {name: house.of(value) for name, value in PLACES[place][0].items()}
    whole = json.loads(await cell(store, table, column, **where))
    words = next(one for one in _owns(whole) if one["by"] == house.of("teacher"))
    words["text"] = base64.b64encode(await cell(store, "next_step", "words", id=house.of("step"))).decode()
    return json.dumps(whole)


async def another_row(store: Store, house: House, table: str, column: str, mine: dict[str, str]) -> Any:  # noqa: ANN401 - an envelope
    """The same column of another row of the same person, where there is one."""
    ((name, value),) = mine.items()
    c = metadata.tables[table].c
    query = select(c[column]).where(c.organization_id == house.id, c[name] != value, c[column].is_not(None))
    async with store.engine.connect() as connection:
        return (await connection.execute(query)).scalars().first()


async def words_left(store: Store, house: House) -> str:
    """Everything that still opens, wherever words stand."""
    found = [str(await reading(store, house, read)) for _, read in PLACES.values()]
    found.append(str(await reading(store, house, lambda tx, h: tx.reflections(h.of("teacher")))))
    return "\n".join(found)


async def forget(store: Store, house: House, who: str) -> None:
    async with store.begin(house.id) as tx:
        await tx.forget(house.of(who))


async def test_of_a_person_who_is_forgotten_no_word_opens_any_more_anywhere(store: Store, other: Store) -> None:
    house = await fill(store, "a")
    assert await words_left(other, house) == await words_left(store, house)
    before = await words_left(store, house)
    assert before.count("by the teacher") >= 12
    await forget(store, house, "teacher")
    for one in (store, other):
        left = await words_left(one, house)
        assert "by the teacher" not in left
        assert left.count("by the coach") == before.count("by the coach") > 0
    async with store.begin("a") as tx:
        slot = await tx.get("slot", house.of("slot"))
        assert slot == house.slot(focus_question=None)
        assert await tx.get("reflection", house.of("reflection")) is None
        assert await tx.get("next_step", house.of("step")) is None


async def test_of_a_coach_who_is_forgotten_the_teachers_words_stay(store: Store) -> None:
    house = await fill(store, "a")
    await forget(store, house, "coach")
    left = await words_left(store, house)
    assert "by the coach" not in left
    async with store.begin("a") as tx:
        assert await tx.get("slot", house.of("slot")) == house.slot(listen_to=None)
        assert await tx.get("reflection", house.of("reflection")) == house.reflection()
        assert await tx.thread(house.of("thread")) == house.thread()


async def test_who_was_forgotten_may_write_again_and_what_was_stays_gone(store: Store, other: Store) -> None:
    house = await fill(store, "a")
    for n in range(2):
        await forget(store, house, "teacher")
        async with store.begin("a") as tx:
            await tx.keep(house.reflection(f"new{n}"))
        async with other.begin("a") as tx:
            assert [one.words for one in await tx.reflections(house.of("teacher"))] == [
                house.canary(f"reflectionnew{n}")
            ]
            thread = await tx.thread(house.of("thread"))
            assert thread is not None
            assert thread.state["draft"]["text"] == ""


async def test_forgetting_and_writing_in_one_transaction_keeps_what_is_written_after(store: Store) -> None:
    house = await fill(store, "a")
    async with store.begin("a") as tx:
        await tx.forget(house.of("teacher"))
        await tx.keep(house.reflection("after"))
        await tx.remember(house.of("key"), house.answer())
    async with store.begin("a") as tx:
        assert [one.words for one in await tx.reflections(house.of("teacher"))] == [house.canary("reflectionafter")]
        assert await tx.told(house.of("key")) == house.answer()


async def test_a_forgetting_that_failed_has_forgotten_nothing(store: Store) -> None:
    house = await fill(store, "a")
    before = await words_left(store, house)

    async def fails() -> None:
        async with store.begin("a") as tx:
            await tx.forget(house.of("teacher"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    assert await words_left(store, house) == before


async def test_a_destroyed_key_is_not_left_on_the_disk(sqlite_store: Store, sqlite_url: str) -> None:
    store = sqlite_store
    house = await fill(store, "a")
    wrapped = await cell(store, "data_key", "wrapped", owner_id=house.of("teacher"))
    assert wrapped in bytes_of(sqlite_url)
    await forget(store, house, "teacher")
    assert wrapped not in bytes_of(sqlite_url)
    coach = await cell(store, "data_key", "wrapped", owner_id=house.of("coach"))
    await store.erase("a")
    assert coach not in bytes_of(sqlite_url)


async def test_an_erased_organization_leaves_no_row_and_the_others_theirs(store: Store) -> None:
    a, b = await fill(store, "a"), await fill(store, "b")
    before = await rows_of(store, "b")
    assert await store.organization_of("slack", a.of("team")) == "a"
    await store.erase("a")
    assert not any((await rows_of(store, "a")).values())
    assert await rows_of(store, "b") == before
    assert await store.organization_of("slack", a.of("team")) is None
    assert await store.organizations() == ("b",)
    assert await store.token("b", "slack", b.of("team")) == "canary token b"
    assert (await fill(store, "a")).id == "a"  # and it can begin anew


async def test_a_token_opens_for_its_own_installation_alone(store: Store) -> None:
    house = await fill(store, "a")
    await store.install("a", "slack", "T2", token="another")
    assert await store.token("a", "slack", house.of("team")) == "canary token a"
    moved = await cell(store, "installation", "token", team=house.of("team"))
    await put(store, "installation", "token", moved, team="T2")
    with pytest.raises(Tampered):
        await store.token("a", "slack", "T2")
    assert await store.token("a", "slack", "T3") is None


async def test_words_come_back_exactly_as_they_were_written(store: Store) -> None:
    house = await fill(store, "a")
    for n, text in enumerate(
        ("", " two  spaces ", "line\nbreak\r\n", "zero\0byte", "\ud83d", "👩‍🏫" * 2000, '{"type":"own"}')
    ):
        words = Own(text, house.of("teacher"))
        async with store.begin("a") as tx:
            await _say_and_keep(tx, store, house, n, words)
        async with store.begin("a") as tx:
            thread = await tx.thread(f"t{n}")
            assert thread is not None
            assert thread.state == {"type": "own", "text": text, "by": words.by}
            (kept,) = [one for one in await tx.reflections(house.of("teacher")) if one.id == f"r{n}"]
            assert kept.words == words


async def _say_and_keep(tx: Tx, store: Store, house: House, n: int, words: Own) -> None:
    await tx.put_thread(
        Thread(f"t{n}", "reflection", {"type": "own", "text": words.text, "by": words.by}, 1, ()), 0, AT
    )
    await tx.keep(replace(house.reflection(), id=f"r{n}", words=words))
    await say(store, house, f"p{n}", tx=tx)
