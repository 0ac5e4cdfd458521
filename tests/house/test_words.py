"""The words and the code that says them: no key without a sentence, and no sentence that nobody says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from bot.data import data_path
from bot.words import read_lines
from tests.house.tree import ROOT, files, name

BOOKS = sorted((data_path("prompts") / "en" / "words").glob("*.yaml"))
LINES = [line for path in BOOKS for line in read_lines(path)]
BUTTONS = {line.key for line in LINES if line.kind == "buttons"}
SENTENCES = {line.key for line in LINES if line.kind != "buttons"}
KEY = re.compile(rf"(?:{'|'.join(path.stem for path in BOOKS)})\.[a-z0-9_]+")
FORMED = re.compile(rf"(?:{'|'.join(path.stem for path in BOOKS)})\.(?:[a-z0-9_]|\0)*")


class Code(Struct):
    """What the code names: whole keys by how they are said, keys put together (a gap is a NUL), and all its strings."""

    buttons: set[tuple[str, str]]
    sentences: set[tuple[str, str]]
    formed: set[str]
    strings: set[str]


def read() -> Code:
    code = Code(set(), set(), set(), set())
    for path in files("bot", "adapters", suffix=".py"):
        tree = ast.parse(path.read_text("utf-8"))
        pieces = {id(value) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values}
        for node in ast.walk(tree):
            match node:
                case ast.Call():
                    for place, key in said(path, node):
                        (code.buttons if place == "button" else code.sentences).add((name(path), key))
                case ast.JoinedStr(values=values):
                    pattern = "".join(str(v.value) if isinstance(v, ast.Constant) else "\0" for v in values)
                    if FORMED.fullmatch(pattern):
                        code.formed.add(pattern)
                case ast.Constant(value=str(text)) if id(node) not in pieces:
                    code.strings.add(text)
                case _:
                    continue
    return code


def said(path: Path, call: ast.Call) -> Iterator[tuple[str, str]]:
    """(button or sentence, key) of `say("x.y")`, `say.plain("x.y")`, `say.button("x.y")` and `button(facts, "y")`."""
    how = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    flow = path.relative_to(ROOT).parts[2] if name(path).startswith("bot/flows/") else ""
    for argument in call.args[:2]:
        # Either branch of a choice is a key: say("x.a" if coach else "x.b").
        for one in ast.walk(argument) if isinstance(argument, ast.IfExp) else (argument,):
            if not (isinstance(one, ast.Constant) and isinstance(one.value, str)):
                continue
            if KEY.fullmatch(one.value) and how in ("button", "plain", "say", "facts", "_line"):
                yield "button" if how == "button" else "sentence", one.value
            elif how == "button" and argument is not call.args[0] and isinstance(call.func, ast.Name | ast.Attribute):
                yield "button", f"{flow.removesuffix('.py')}.{one.value}"


@pytest.fixture(scope="module")
def code() -> Code:
    """Read where it is asked for: every worker imports this module, and one runs its tests."""
    return read()


def test_every_button_and_sentence_that_is_said_stands_in_the_words(code: Code) -> None:
    assert len(code.buttons) > 40
    assert len(code.sentences) > 100
    missing = [f"{where}: {key} under buttons" for where, key in sorted(code.buttons) if key not in BUTTONS]
    missing += [f"{where}: {key}" for where, key in sorted(code.sentences) if key not in SENTENCES]
    assert not missing, f"add these to prompts/en/words, or mend the key: {missing}"


def test_every_string_that_looks_like_a_key_is_one(code: Code) -> None:
    stray = sorted(text for text in code.strings if KEY.fullmatch(text) and text not in BUTTONS | SENTENCES)
    assert not stray, f"no words are called {stray}"


def test_every_key_that_is_put_together_can_be_found(code: Code) -> None:
    shapes = {pattern: re.compile(re.escape(pattern).replace("\0", "[a-z0-9_]+")) for pattern in code.formed}
    lost = [pattern for pattern, shape in shapes.items() if not any(map(shape.fullmatch, BUTTONS | SENTENCES))]
    assert not lost, f"nothing in the words has the shape of {lost}"


def test_nothing_stands_in_the_words_that_nobody_says(code: Code) -> None:
    shapes = [re.compile(re.escape(p).replace("\0", "([a-z0-9_]+)")) for p in code.formed]

    def used(key: str) -> bool:
        """Named whole, or put together from pieces that all stand in the code."""
        if key in code.strings:
            return True
        found = (shape.fullmatch(key) for shape in shapes)
        return any(match is not None and set(match.groups()) <= code.strings | GIVEN for match in found)

    unused = sorted(key for key in BUTTONS | SENTENCES if not used(key))
    assert not unused, f"say them or drop them: {unused}"


# Pieces that come with the facts and not from a string in the code: the platforms' names.
GIVEN = {"web", "slack", "teams"}
