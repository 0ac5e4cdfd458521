"""An organization's own questions on their way to a teacher: read where something is asked, retired ones never."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot import content, demo
from bot.events import Commanded
from bot.flow import Facts
from bot.flows import BY_NAME
from bot.gathering import gather
from bot.outside.links import Ways
from bot.records import Person
from bot.stems import Library, Stem, pick
from bot.stems.own import question_of
from bot.store import Store, Thread
from bot.vault import Keyring
from tests.support.dialog import Stage
from tests.unit.test_stem_rules import FINE

ANA = demo.TEACHERS[0]
TEXT = "What are some moments from the hallway walk that might be worth telling?"


def own(name: str, language: str = "en", **changed: object) -> Stem:
    return replace(Library.load(language).stem("wr-ped-11"), id=name, **changed)


async def facts_of(stage: Stage, flow: str, me: Person = ANA) -> Facts:
    event = Commanded(key="k", by=stage.account("ana"), command="beside", text="now")
    thread = Thread(id="t", flow=flow, state=None, version=0, people=(ANA.id,))
    async with stage.store.begin(demo.ORGANIZATION) as tx:
        return await gather(
            tx, event, me, BY_NAME[flow], thread, None, platform="web", now=stage.clock(), heard="",
            ways=Ways(),
        )  # fmt: skip


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    yield await Stage.open(store)
    await store.close()


async def keep(stage: Stage, stem: Stem, language: str = "en") -> None:
    async with stage.store.begin(demo.ORGANIZATION) as tx:
        organization = tx.organization
        await tx.keep(question_of(stem, organization=organization, by="", language=language, at=stage.clock()))


async def test_a_question_of_ones_own_can_be_asked_at_once_and_a_retired_one_cannot(stage: Stage) -> None:
    await keep(stage, own("x-aaa-01"))
    await keep(stage, own("x-aaa-02", status="retired"))
    facts = await facts_of(stage, "reflection")
    assert facts.library.stem("x-aaa-02").status == "retired"
    only = replace(facts.library, stems=tuple(stem for stem in facts.library.stems if stem.id.startswith("x-")))
    asked = pick(
        only, moment="weekly_reflection", audience="teacher", person=ANA.id, iso_week="2026-W42", asked=(),
        answered=5, focus_counts={},
    )  # fmt: skip
    assert asked.id == "x-aaa-01"


async def test_a_question_is_asked_of_those_who_read_its_language(stage: Stage) -> None:
    await keep(stage, own("x-aaa-03", "es"), "es")
    english = await facts_of(stage, "reflection")
    spanish = await facts_of(stage, "reflection", replace(ANA, language="es"))
    assert "x-aaa-03" not in {stem.id for stem in english.library.stems}
    assert "x-aaa-03" in {stem.id for stem in spanish.library.stems}


async def test_a_file_is_shown_agreed_to_and_kept_and_its_words_never_change(stage: Stage, tmp_path: Path) -> None:
    path, told = tmp_path / "ours.yaml", list[str]()

    async def add(text: str, agreed: bool = True) -> int:
        path.write_text(text, "utf-8")
        library, faults = content.own(path)
        assert library is not None
        assert faults == ()
        told.clear()
        return await content.keep(
            stage.store, demo.ORGANIZATION, library, path, agreed=lambda: agreed, say=told.append
        )  # fmt: skip

    assert await add(FINE, agreed=False) == content.WRONG
    assert told[-1] == "Nothing was kept."
    assert await add(FINE) == content.FINE
    assert told == ["New: x-lin-01  " + TEXT, "Kept."]
    assert await add(FINE) == content.FINE
    assert told == ["Nothing changes."]
    assert await add(FINE.replace("hallway walk", "evening walk")) == content.WRONG
    assert told[0].startswith("ours.yaml:4: x-lin-01: has other words than it was kept with. Answers point at it.")
    assert await add(FINE.replace("status: active", "status: retired")) == content.FINE
    assert told[0] == "Changed: x-lin-01, now retired"
    facts = await facts_of(stage, "reflection")
    assert facts.library.stem("x-lin-01").text == TEXT
