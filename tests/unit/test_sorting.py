"""What a name or an answer tells at a sort: a level or a color, or only what is missing."""

from __future__ import annotations

import pytest

from bot.flows.sort import telling


@pytest.mark.parametrize(
    "name",
    ["low", "Lows", "the red group", "below grade level", "bubble kids", "Got it", "not yet proficient", "B",
     "Mid-level", "bajo", "Grupo rojo", "los más avanzados", "nivel básico", "VERDES", "casi logrado"],
)  # fmt: skip
def test_a_level_or_a_color_says_nothing_of_the_thinking(name: str) -> None:
    assert telling.ranks(name)


@pytest.mark.parametrize(
    "name",
    ["counts every square", "uses rows", "high towers first", "red counters as tens", "the group that draws",
     "half and half", "starts from the middle", "low numbers, then high ones", "cuenta de uno en uno", "", "?!",
     "usa filas", "dibuja la mitad", "empieza por el número más alto"],
)  # fmt: skip
def test_a_name_that_tells_of_the_thinking_is_simply_taken(name: str) -> None:
    assert not telling.ranks(name)


@pytest.mark.parametrize(
    "text",
    ["No units.", "They didn’t line up the columns and nobody wrote a unit.", "Nothing, they can't do it",
     "missing labels", "Faltan las unidades.", "No saben restar y nadie escribió nada"],
)  # fmt: skip
def test_an_answer_of_nothing_but_what_is_missing_is_heard(text: str) -> None:
    assert telling.only_missing(text)


@pytest.mark.parametrize(
    "text",
    ["They drew it but no units.", "All of them counted.", "Solved it without counting.", "",
     "They found their mistakes.", "Dibujaron el jardín, pero faltan unidades", "Contaron sin los dedos"],
)  # fmt: skip
def test_an_answer_that_also_says_what_is_there_is_simply_taken(text: str) -> None:
    assert not telling.only_missing(text)


def test_one_name_a_line_without_the_signs_of_a_list() -> None:
    assert telling.names("1. counts all\n- uses rows;  \n\n") == ("counts all", "uses rows")
