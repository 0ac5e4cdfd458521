"""Nothing Beside keeps, shows or serves could put people in an order: no score, rank, level or streak anywhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from bot import cards, effects, events, flow, records, visible
from bot.data import data_path
from bot.flows import FLOWS
from bot.metrics import Metrics
from bot.settings import Settings
from bot.stems import Library
from bot.store import tables
from bot.words import Lines, read_lines
from tests.house.tree import ROOT, files, name

NEVER = frozenset("score rank rate level streak percent missed overdue".split())
FORMS = {
    form: word for word in NEVER for form in (word, f"{word}s", f"{word}d", f"{word}ed", f"{word}ing", f"{word}age")
}
FORMS |= {"rating": "rate", "ratings": "rate", "scoring": "score", "%": "percent"}
PROMISES = re.compile(r"\bI don't rate teaching\b|\bno calificar?\b")
# A platform that asks us to go slower: the word of its own protocol, about messages and not about people.
PROTOCOL = {"beside_platform_rate_limited"}


def words_in(text: str) -> set[str]:
    """Which of the words stand in it, also within a name such as `missed_weeks` or `MissedWeeks`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", PROMISES.sub("", text))
    return {FORMS[piece] for piece in re.findall(r"[a-z]+|%", apart.casefold()) if piece in FORMS}


def found_in(named: list[tuple[str, str]]) -> list[str]:
    return [f"{where}: {text}" for where, text in named if words_in(text)]


def fields_of(*modules: object) -> Iterator[tuple[str, str]]:
    for module in modules:
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
                yield kind.__name__, kind.__name__
                yield from ((kind.__name__, field) for field in kind.__struct_fields__)


def schema() -> Iterator[tuple[str, str]]:
    for table in tables.metadata.tables.values():
        yield table.name, table.name
        yield from ((table.name, column.name) for column in table.columns)
        yield from ((table.name, str(index.name)) for index in table.indexes)
    for path in files("migrations", suffix=".py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
                yield name(path), node.value


def shown() -> Iterator[tuple[str, str]]:
    yield from fields_of(cards)
    for folder in sorted(path for path in data_path("prompts").iterdir() if path.is_dir()):
        for path in sorted((folder / "words").glob("*.yaml")):
            yield from ((f"{line.where}: {line.key}", f"{line.key} {line.template}") for line in read_lines(path))
        if (folder / "stems.yaml").exists():
            for stem in Library.load(folder.name).stems:
                yield from ((stem.id, text) for text in (stem.text, *stem.follow_ups, *stem.tags))
    for path in files("tests/contract/gallery", suffix=".json"):
        yield from ((name(path), text) for text in strings(msgspec.json.decode(path.read_bytes())))


def strings(drawn: object) -> Iterator[str]:
    match drawn:
        case str():
            yield drawn
        case dict():
            for key, value in drawn.items():
                yield str(key)
                yield from strings(value)
        case list():
            for value in drawn:
                yield from strings(value)
        case _:
            return


def served() -> Iterator[tuple[str, str]]:
    """What is spoken with others: events, effects, routes, commands, settings, metrics, the page and its script."""
    yield from fields_of(records, events, effects, flow, visible)
    for path in (*files("bot", suffix=".py"), *files("adapters", suffix=".py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Constant(value=str(text)) if re.fullmatch(r"/[a-z/{}_.]+", text):
                    yield name(path), text
    for one in FLOWS:
        yield from ((one.name, f"{c.name} {c.word} {c.example} {c.explained(Lines.load(), '')}") for c in one.commands)
    yield from (("settings", field) for field in Settings.model_fields)
    yield from (("metrics", metric.name) for metric in Metrics().registry.collect() if metric.name not in PROTOCOL)
    for path in (*files("adapters/web/static"), ROOT / "adapters/web/page.py"):
        yield from ((name(path), word) for word in re.findall(r"[\w-]+", path.read_text("utf-8")))


def test_the_words_are_seen_wherever_they_hide() -> None:
    hidden = (
        "weeks_missed",
        "ReplyRate",
        "a score of 4",
        "60%",
        "Overdue",
        "ranking",
        "levels",
        "streaks",
        "percentage",
    )
    assert [text for text in hidden if not words_in(text)] == []
    assert words_in("I don't rate teaching") == set()
    assert [
        text for text in ("started", "corporate", "moderate", "crank", "separate", "elevel") if words_in(text)
    ] == []


def test_the_schema_can_order_nobody() -> None:
    named = list(schema())
    assert len(named) > 100
    assert found_in(named) == []


def test_no_card_word_or_question_orders_anybody() -> None:
    named = list(shown())
    assert len(named) > 1000
    assert found_in(named) == []


def test_nothing_that_is_served_orders_anybody() -> None:
    named = list(served())
    assert len(named) > 300
    assert found_in(named) == []
