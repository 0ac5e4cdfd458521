"""All that is kept of a person, as they get it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bot import demo
from bot.exporting import Export, as_html, as_json
from bot.records import Own, Reflection, Showing
from bot.words import Lines

AT = datetime(2026, 10, 13, 15, 0, tzinfo=UTC)
ANA, SAM = demo.TEACHERS[0], demo.SAM


def note(id: str, words: str, about: Own | None) -> Reflection:
    return Reflection(
        id=id, organization=ANA.organization, person=ANA.id, thread="t", at=AT, stem="", question="",
        words=Own(words, ANA.id), about=about,
    )  # fmt: skip


def test_words_from_right_to_left_turn_nothing_around_them_and_a_group_keeps_its_name_for_its_writer() -> None:
    showing = Showing(
        id="s", organization=ANA.organization, person=ANA.id, reader=SAM.id, way="opened", kind="reflection",
        record="one", at=AT,
    )  # fmt: skip
    export = Export(
        made_at=AT, person=ANA, names={SAM.id: SAM.name}, showings=(showing,),
        reflections=(
            note("one", "שלום", Own("counts rows", ANA.id)), note("two", "Rows.", Own("Sam's words", SAM.id)),
        ),
    )  # fmt: skip
    page = as_html(export, Lines.load()).decode()
    assert '<blockquote dir="auto">שלום</blockquote>' in page
    assert "About “counts rows”:" in page
    assert f"{SAM.name} opened “\u2068שלום\u2069”" in page
    assert "Sam&#x27;s words" not in page
    one, two = json.loads(as_json(export))["reflections"]
    assert (one["about"], two["about"]) == ("counts rows", None)
