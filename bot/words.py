"""Every sentence by key and language: `Lines`, loaded from `prompts/<language>/words/`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from bot.cards import Text, sentence
from bot.data import data_path, language_of, read_yaml
from bot.records import Own

Kind = Literal["bot", "operational", "buttons"]

_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Line(Struct, frozen=True):
    """One entry of a words file. `where` names the file, for messages."""

    key: str
    kind: Kind
    template: str
    where: str


# What begins a line with a date has a capital there, also where the names of days are small.
_DATES = ("day", "when")


class Lines:
    """All sentences of one language. Called with a key and its slots it gives a paragraph.

    A button may share its key with the sentence that follows on it: what is said and what is pressed are looked up
    apart.
    """

    def __init__(self, language: str, lines: Iterable[Line]) -> None:
        self.language = language
        self._lines = {_place(line.key, line.kind): line for line in lines}

    @staticmethod
    def load(language: str = "en") -> Lines:
        """The words of that language, of its main language (`es` for `es-MX`), or English."""
        return _load(language_of(language, "words"))

    def __call__(self, key: str, **slots: str | Own) -> Text:
        return self._filled(self._line(key, "bot"), slots)

    def plain(self, key: str, **slots: str | Own) -> str:
        """The same as a string, a person's words in quotation marks."""
        return self._plain(self._line(key, "bot"), slots)

    def button(self, key: str, **slots: str | Own) -> str:
        return self._plain(self._line(key, "buttons"), slots)

    def slots(self, key: str) -> frozenset[str]:
        """The names of what that sentence leaves open."""
        return frozenset(_SLOT.findall(self._line(key, "bot").template))

    def all(self) -> tuple[Line, ...]:
        return tuple(self._lines.values())

    def _line(self, key: str, kind: Kind) -> Line:
        line = self._lines.get(_place(key, kind))
        if line is None:
            file = f"{self.language}/words/{key.partition('.')[0]}.yaml"
            place = "buttons" if kind == "buttons" else "bot or operational"
            raise KeyError(f"{file} has no {key} under {place}; add it there or mend the key")
        return line

    def _plain(self, line: Line, slots: Mapping[str, str | Own]) -> str:
        if not slots and "{" not in line.template:
            return line.template
        return sentence(self._filled(line, slots))

    def _filled(self, line: Line, slots: Mapping[str, str | Own]) -> Text:
        begins = next((name for name in _DATES if line.template.startswith(f"{{{name}}}")), "")
        if isinstance(value := slots.get(begins), str):
            slots = {**slots, begins: value[:1].upper() + value[1:]}
        return Text(filled(line.template, slots, where=f"{line.where}: {line.key}"))


def _place(key: str, kind: Kind) -> tuple[str, bool]:
    return key, kind == "buttons"


def filled(template: str, slots: Mapping[str, str | Own], where: str) -> tuple[str | Own, ...]:
    """The template with its slots filled, in parts.

    The quotation marks around a person's words are dropped: whoever draws an `Own` part sets them.
    """
    text, gaps, named = _taken_apart(template)
    if named != slots.keys():
        missing, extra = sorted(named - set(slots)), sorted(set(slots) - named)
        told = [f"missing {', '.join(missing)}"] * bool(missing) + [f"not asked for {', '.join(extra)}"] * bool(extra)
        raise ValueError(f"{where}: slots {'; '.join(told)}")
    parts: list[str | Own] = []
    for name, after in gaps:
        value = slots[name]
        if isinstance(value, str):
            text += value + after
            continue
        quoted = text.endswith("“") and after.startswith("”")
        parts += [text[:-1] if quoted else text, value]
        text = after[1:] if quoted else after
    return tuple([part for part in (*parts, text) if part != ""])


# As many as there are sentences in a few languages; an organization's own questions come on top.
@lru_cache(maxsize=8192)
def _taken_apart(template: str) -> tuple[str, tuple[tuple[str, str], ...], frozenset[str]]:
    """What it begins with, each slot with what follows on it, and their names: the same at each telling."""
    pieces = _SLOT.split(template)
    return pieces[0], tuple(zip(pieces[1::2], pieces[2::2], strict=True)), frozenset(pieces[1::2])


@cache
def _load(language: str) -> Lines:
    paths = sorted((data_path("prompts") / language / "words").glob("*.yaml"))
    return Lines(language, (line for path in paths for line in read_lines(path)))


def read_lines(path: Path) -> tuple[Line, ...]:
    """One words file; what is not a map of short texts under the three headings is refused by name."""
    where = "/".join(path.parts[-3:])
    content = read_yaml(path, only_text=True) or {}
    if not isinstance(content, dict):
        raise ValueError(f"{where}: expected maps named bot, operational, buttons")
    lines: dict[tuple[str, bool], Line] = {}
    for kind, entries in content.items():
        if kind not in get_args(Kind):
            raise ValueError(f"{where}: {kind} is not one of bot, operational, buttons")
        if not isinstance(entries, dict):
            raise ValueError(f"{where}: {kind} is not a map")
        for name, template in entries.items():
            key = f"{path.stem}.{name}"
            if same := lines.get(_place(key, kind)):
                raise ValueError(f"{where}: {key} is there twice, under {same.kind} and under {kind}")
            if not isinstance(template, str) or not template.strip():
                raise ValueError(f"{where}: {key} is not a text")
            if "{" in _SLOT.sub("", template) or "}" in _SLOT.sub("", template):
                raise ValueError(f"{where}: {key} has a brace that is not a slot like {{first}}")
            lines[_place(key, kind)] = Line(key=key, kind=kind, template=template, where=where)
    return tuple(lines.values())
