"""What a card or a form says, piece by piece, and whether a drawing says the same."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.cards import (
    Block,
    Buttons,
    Card,
    Choices,
    Details,
    Exact,
    Form,
    Heading,
    Label,
    People,
    PickField,
    Quote,
    Seen,
    Text,
    TextField,
    plain,
)
from bot.records import Own

_SIGNS = frozenset("“”[]():,…")


def squeezed(text: str) -> str:
    """What is left to compare: no spaces, nothing unseen, none of the signs that only say how something is drawn."""
    return "".join(c for c in text if c not in _SIGNS and not c.isspace() and unicodedata.category(c)[0] != "C")


def content(shown: Card | Form) -> Iterator[str]:
    """Every sentence, every word of a person, every label, option and button, in order."""
    if isinstance(shown, Card):
        for block in shown.blocks:
            yield from _block(block)
        return
    yield from (shown.title, shown.intro, *shown.notes.values())
    for field in shown.fields:
        yield field.label
        match field:
            case PickField():
                for option in field.options:
                    yield option.label + (" (chosen)" if option.value == field.value else "")
            case TextField(value=value, hint=hint):
                yield from (value.text if isinstance(value, Own) else value, hint)
            case _:
                yield field.value
    yield from (f"[{shown.submit}]", f"[{shown.cancel}]")


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text(parts):
            yield from (part if isinstance(part, str) else part.text for part in parts)
        case Label(text) | Heading(text) | Seen(text):
            yield text
        case Quote(words):
            yield words.text
        case Exact(words, foot):
            yield from (own.text for own in words)
            yield foot
        case Details(facts):
            for fact in facts:
                yield from (fact.label, fact.value if isinstance(fact.value, str) else fact.value.text)
                yield f"(was {fact.was})" if fact.was else ""
        case People(contacts):
            for contact in contacts:
                yield from (contact.label, contact.number)
        case Choices(_, legend, options, chosen):
            yield legend
            yield from (option.label + (" (chosen)" if option.value == chosen else "") for option in options)
        case Buttons(row):
            yield from (f"[{button.label}]" for button in row)


def difference(shown: Card | Form, read: Sequence[str]) -> str:
    """Nothing where the same is said; otherwise both, from where they part.

    A card is read in order; buttons that stand together may change places. The parts of a form may stand in any
    order but for its fields.
    """
    said, pieces = list(content(shown)), without_echoes(read, plain(shown))
    if isinstance(shown, Card):
        return _parted(_in_rows(said), _in_rows(pieces))
    want, have = (Counter(filter(None, map(squeezed, "\n".join(those).split("\n")))) for those in (said, pieces))
    if want != have:
        return f"not drawn: {list(want - have)}; drawn besides: {list(have - want)}"
    labels = [squeezed(field.label) for field in shown.fields]
    order = [one for one in map(squeezed, pieces) if one in labels]
    return "" if order == labels or len(set(labels)) < len(labels) or len(order) > len(labels) else f"order: {order}"


def lost(shown: Card | Form, read: Sequence[str]) -> list[str]:
    """For more than a platform can show at once: lines that do not even begin to stand there, and buttons."""
    everything = squeezed("".join(read))
    buttons = [piece for piece in content(shown) if piece.startswith("[")]
    return [line for line in (*plain(shown).split("\n"), *buttons) if squeezed(line)[:25] not in everything]


def without_echoes(pieces: Sequence[str], words: str) -> list[str]:
    """A label that ends early, where the whole of it stands elsewhere, says nothing new; a line of its own does."""
    lines = set(map(squeezed, words.split("\n")))
    bare = [piece.strip("[] ").removesuffix(" (chosen)") for piece in pieces]
    ends = [one.removesuffix("…").rstrip() for one in bare]
    return [
        piece
        for at, piece in enumerate(pieces)
        if squeezed(piece) in lines
        or not (bare[at].endswith("…") and ends[at] and any(o.startswith(ends[at]) and o != bare[at] for o in bare))
    ]


def _in_rows(pieces: Sequence[str]) -> str:
    """All of it as one string, the buttons of a row in alphabetical order."""
    out: list[str] = []
    row: list[str] = []
    for piece in filter(squeezed, pieces):
        if piece.startswith("[") and piece.endswith("]"):
            row.append(squeezed(piece))
        else:
            out += [*sorted(row), squeezed(piece)]
            row = []
    return "".join((*out, *sorted(row)))


def _parted(want: str, have: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(want, have, strict=False)) if a != b), min(len(want), len(have)))
    near = slice(max(0, at - 20), at + 60)
    return "" if want == have else f"wanted …{want[near]}…, read …{have[near]}…"
