"""Sentences by key: how slots are filled, whose words stay whose, and how a faulty file is told about."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from bot.cards import Text
from bot.data import data_path, language_of, read_yaml
from bot.records import Own
from bot.words import Line, Lines, filled, read_lines

STEP = Own("Ask two questions before I explain.", by="p1")


def lines(buttons: dict[str, str] | None = None, **texts: str) -> Lines:
    where = "en/words/x.yaml"
    said = [Line(key=f"x.{name}", kind="bot", template=text, where=where) for name, text in texts.items()]
    pressed = [
        Line(key=f"x.{name}", kind="buttons", template=text, where=where) for name, text in (buttons or {}).items()
    ]
    return Lines("en", said + pressed)


def file(folder: Path, text: str) -> Path:
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_our_words_and_theirs_stay_apart() -> None:
    say = lines(opening="Hi {first}. Last time you wrote: “{step}” How did it go?")
    assert say("x.opening", first="Ana", step=STEP) == Text(
        ("Hi Ana. Last time you wrote: ", STEP, " How did it go?"),
    )


def test_quotation_marks_stay_where_the_words_are_ours() -> None:
    assert lines(a="“{word}” brings me back.")("x.a", word="start") == Text(("“start” brings me back.",))


def test_words_without_marks_around_them_are_still_theirs() -> None:
    assert lines(a="Listening to: {listen}.")("x.a", listen=STEP) == Text(("Listening to: ", STEP, "."))


def test_two_quotes_side_by_side_keep_their_order() -> None:
    one, two = Own("halves", by="p1"), Own("quarters", by="p1")
    assert filled("“{a}” and “{b}”", {"a": one, "b": two}, "x") == (one, " and ", two)


def test_a_slot_that_looks_like_a_template_is_not_filled_again() -> None:
    assert lines(a="Hi {first}.").plain("x.a", first="{first}") == "Hi {first}."


def test_plain_puts_their_words_in_quotation_marks() -> None:
    assert lines(a="You wrote: “{step}”").plain("x.a", step=STEP) == "You wrote: “Ask two questions before I explain.”"


def test_a_button_may_share_its_key_with_the_sentence_that_follows_on_it() -> None:
    say = lines({"not_now": "Not now, {coach}"}, not_now="All right.")
    assert say.button("x.not_now", coach="Sam") == "Not now, Sam"
    assert say.plain("x.not_now") == "All right."


def test_an_unknown_key_names_the_file_to_look_in() -> None:
    with pytest.raises(KeyError, match=r"en/words/x\.yaml has no x\.gone under bot or operational"):
        lines(a="Hi.")("x.gone")
    with pytest.raises(KeyError, match=r"en/words/x\.yaml has no x\.a under buttons"):
        lines(a="Hi.").button("x.a")


def test_a_missing_or_extra_slot_names_file_key_and_slot() -> None:
    say = lines(a="Hi {first}.")
    with pytest.raises(ValueError, match=r"en/words/x\.yaml: x\.a: slots missing first"):
        say("x.a")
    with pytest.raises(ValueError, match=r"x\.a: slots not asked for second"):
        say("x.a", first="Ana", second="Bo")


def test_loads_every_file_once_and_knows_its_keys() -> None:
    say = Lines.load("en")
    assert say is Lines.load("en")
    assert say.plain("care.distress_seen") == "Nothing was sent to anyone."
    assert say.button("care.carry_on") == "I'm okay, carry on"
    assert {line.kind for line in say.all()} >= {"operational", "buttons"}


@pytest.mark.parametrize("wanted", ["en", "en-US", "tlh", "", "../en", "xx/../en", "EN-gb"])
def test_a_language_without_words_is_answered_in_english(wanted: str) -> None:
    assert Lines.load(wanted).language == "en"
    assert language_of(wanted, "stems.yaml") == "en"


def test_words_like_no_and_on_are_keys_and_not_truth_values(tmp_path: Path) -> None:
    found = read_lines(file(tmp_path, "buttons:\n  no: No thanks\n  on: 12\n"))
    assert {line.key: line.template for line in found} == {"x.no": "No thanks", "x.on": "12"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("bot:\n  a: Hi.\noperational:\n  a: Go\n", r"x\.a is there twice, under bot and under operational"),
        ("bot:\n  a: Hi.\n  a: Ho.\n", "written twice: a"),
        ("prose:\n  a: Hi.\n", "prose is not one of bot, operational, buttons"),
        ("bot:\n  - Hi.\n", "bot is not a map"),
        ("bot:\n  a: [Hi]\n", r"x\.a is not a text"),
        ("bot:\n  a: ''\n", r"x\.a is not a text"),
        ("bot:\n  a: 'Hi {First}'\n", r"x\.a has a brace that is not a slot"),
        ("- a\n", "expected maps named bot, operational, buttons"),
        ("bot: {", "x.yaml"),
    ],
)
def test_a_faulty_file_is_refused_by_name(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_lines(file(tmp_path, text))


def test_an_empty_file_holds_no_lines(tmp_path: Path) -> None:
    assert read_lines(file(tmp_path, "# nothing yet\n")) == ()


def test_data_comes_from_the_checkout() -> None:
    assert data_path("prompts") == Path(__file__).resolve().parents[2] / "prompts"
    with pytest.raises(FileNotFoundError, match="nowhere is neither at"):
        data_path("nowhere")


def test_data_comes_from_the_wheel_also_where_somebody_else_left_a_folder_of_that_name(tmp_path: Path) -> None:
    code = tmp_path / "bot" / "data.py"
    (tmp_path / "bot" / "_data" / "prompts").mkdir(parents=True)
    code.write_bytes((data_path("prompts").parent / "bot" / "data.py").read_bytes())
    installed = runpy.run_path(str(code))["data_path"]
    assert installed("prompts") == tmp_path / "bot" / "_data" / "prompts"
    (tmp_path / "prompts").mkdir()
    assert installed("prompts") == tmp_path / "bot" / "_data" / "prompts"
    (tmp_path / "pyproject.toml").touch()
    assert installed("prompts") == tmp_path / "prompts"


def test_a_value_keeps_its_kind_unless_only_text_is_asked_for(tmp_path: Path) -> None:
    path = file(tmp_path, "depth: 1\n")
    assert read_yaml(path) == {"depth": 1}
    assert read_yaml(path, only_text=True) == {"depth": "1"}


def test_a_line_that_begins_with_a_date_begins_with_a_capital() -> None:
    spanish = Lines.load("es")
    assert spanish.plain("mine.a_step", day="jueves 15 de octubre") == "Jueves 15 de octubre, un paso"
    assert spanish.plain("house.resumed", day="jueves 15 de octubre").endswith("llega el jueves 15 de octubre.")
