"""`beside guard`: sentences in, and what the guard catches in them out, one line of JSON for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

import msgspec
from msgspec import Struct

from bot.guard import Kind, check


class Asked(Struct, frozen=True):
    """One line: plain text, or JSON with the text and who would say it. Other fields are for whoever wrote them."""

    text: str
    kind: Kind = "bot"
    language: str = ""


class NotALine(ValueError):
    """A line that can't be read; the message says which and why."""


def results(lines: Iterable[str], *, kind: Kind = "bot", language: str = "en") -> Iterator[str]:
    """For each line that has something in it, what is caught: `{"hits": [{"rule", "category", "span", …}]}`."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        one = _read(line, number, Asked("", kind, language))
        hits = check(one.text, kind=one.kind, language=one.language or language)
        yield msgspec.json.encode({"hits": hits}).decode()


def _read(line: str, number: int, usual: Asked) -> Asked:
    if not line.lstrip().startswith("{"):
        return Asked(line.strip(), usual.kind)
    try:
        read = msgspec.json.decode(line, type=dict[str, object])
        return msgspec.convert({"kind": usual.kind, **{k: v for k, v in read.items() if v is not None}}, Asked)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        kinds = ", ".join(get_args(Kind))
        raise NotALine(f"Line {number} is not JSON with a text, and perhaps a kind ({kinds}): {error}.") from None
