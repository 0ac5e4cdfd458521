"""What we show: cards and forms made of a few blocks, and the plain words that say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.records import Own
from bot.visible import isolated


class Text(Struct, frozen=True, tag="text"):
    """A paragraph of ours; an `Own` part is a person's words and is always drawn in quotation marks."""

    parts: tuple[str | Own, ...]


class Label(Struct, frozen=True, tag="label"):
    """A small line above what it names, such as "Your step"."""

    text: str


class Heading(Struct, frozen=True, tag="heading"):
    text: str


class Quote(Struct, frozen=True, tag="quote"):
    """A person's words standing alone."""

    words: Own


class Exact(Struct, frozen=True, tag="exact"):
    """Exactly what another person will see, before it is shared. `foot` says whose and when."""

    words: tuple[Own, ...]
    foot: str = ""


class Fact(Struct, frozen=True):
    """`was` holds the value before a change; `soft` marks a value nobody has chosen yet."""

    label: str
    value: str | Own
    was: str = ""
    soft: bool = False


class Details(Struct, frozen=True, tag="details"):
    facts: tuple[Fact, ...]


class Contact(Struct, frozen=True):
    """`number` may hold any text; where it has a phone number, platforms that can make it a call."""

    label: str
    number: str


class People(Struct, frozen=True, tag="people"):
    """Human contacts on a safety card."""

    contacts: tuple[Contact, ...]


class Option(Struct, frozen=True):
    value: str
    label: str


class Choices(Struct, frozen=True, tag="choices"):
    """One choice among few; its state arrives in `Pressed.inputs[name]`."""

    name: str
    legend: str
    options: tuple[Option, ...]
    chosen: str


class Button(Struct, frozen=True):
    """`answer` buttons are all alike; `confirm` sends or keeps what stands above it; `quiet` is underlined text.

    A button with `url` is a link and raises no event.
    """

    verb: str
    label: str
    style: Literal["answer", "confirm", "quiet"] = "answer"
    value: str = ""
    url: str = ""


class Buttons(Struct, frozen=True, tag="buttons"):
    row: tuple[Button, ...]


class Seen(Struct, frozen=True, tag="seen"):
    """The foot of a card with someone's words: who sees it, as one path or two."""

    text: str
    paths: Literal[1, 2] = 1


Block = Text | Label | Heading | Quote | Exact | Details | People | Choices | Buttons | Seen


class Card(Struct, frozen=True, kw_only=True, tag="card"):
    """One message. `title` names a framed card to those who listen; an unframed one is a plain message.

    `thread` and `version` are filled in by the engine and travel in every button. `hint` stands under the
    writing box where a platform has one.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    framed: bool = False
    grave: bool = False
    hint: str = ""
    thread: str = ""
    version: int = 0


class TextField(Struct, frozen=True, tag="text_field"):
    name: str
    label: str
    value: str | Own = ""
    optional: bool = False
    long: bool = False
    hint: str = ""
    max_length: int = 3000


class DateField(Struct, frozen=True, tag="date_field"):
    """`value` is YYYY-MM-DD or empty."""

    name: str
    label: str
    value: str = ""
    optional: bool = False


class TimeField(Struct, frozen=True, tag="time_field"):
    """`value` is HH:MM, 24 hours, or empty."""

    name: str
    label: str
    value: str = ""
    optional: bool = False


class PickField(Struct, frozen=True, tag="pick_field"):
    """One of some options; `many` asks for a list to open (a select) where there are more than a few."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    optional: bool = False
    many: bool = False


class WhoField(Struct, frozen=True, tag="who_field"):
    """People of the platform, several at once, as it lets one choose them; `value` is their ids with spaces between."""

    name: str
    label: str
    value: str = ""
    optional: bool = False


Field = TextField | DateField | TimeField | PickField | WhoField


class Form(Struct, frozen=True, kw_only=True, tag="form"):
    """A form; `notes` are sentences by field name (or "" for the whole) that say what is missing and the way out."""

    verb: str
    title: str
    fields: tuple[Field, ...]
    submit: str
    cancel: str
    intro: str = ""
    notes: dict[str, str] = {}
    thread: str = ""
    version: int = 0


class Nothing(Struct, frozen=True, tag="nothing"):
    """There is no direct answer: what follows comes as messages.

    `stays` says that one of them is the answer, and that what was acted on stands as before.
    """

    stays: bool = False


class OnlyYou(Struct, frozen=True, tag="only_you"):
    """A card that only the person who acted sees, where they acted."""

    card: Card


class Replace(Struct, frozen=True, tag="replace"):
    """The card that was acted on, as it is now."""

    card: Card


class Open(Struct, frozen=True, tag="open"):
    """A form to open in front of the person; `late` is what is said where it is too late for that."""

    form: Form
    late: str = ""


class Wrong(Struct, frozen=True, tag="wrong"):
    """A form that cannot be kept yet: a sentence for each field; what was typed stays."""

    errors: dict[str, str]


Answer = Nothing | OnlyYou | Replace | Open | Wrong
NOTHING = Nothing()


def plain(shown: Card | Form) -> str:
    """The same content in plain words, for notifications and screen readers; nothing of the card is left out."""
    if isinstance(shown, Form):
        lines = [shown.title, shown.intro, *shown.notes.values(), *(f.label for f in shown.fields)]
    else:
        lines = [line for block in shown.blocks for line in _lines(block)]
    return "\n".join(line for line in lines if line)


def settled(card: Card, label: str) -> Card:
    """What it was, answered: its buttons and choices go, links stay, and what was chosen stands in their place."""
    left = [block for block in card.blocks if not isinstance(block, Choices | Buttons)]
    at = next((n for n, block in enumerate(card.blocks) if isinstance(block, Buttons)), len(left))
    at -= sum(isinstance(block, Choices) for block in card.blocks[:at])
    links = [
        Buttons(links)
        for block in card.blocks
        if isinstance(block, Buttons) and (links := tuple(one for one in block.row if one.url))
    ]
    return replace(card, blocks=(*left[:at], Label(label), *links, *left[at:]), hint="")


def in_words(shown: Card | Form) -> Card:
    """A form where only a message can be shown: its plain words."""
    if isinstance(shown, Card):
        return shown
    return Card(blocks=(Text((plain(shown),)),), thread=shown.thread, version=shown.version)


def sentence(text: Text) -> str:
    """One paragraph as a string, people's words in quotation marks."""
    return "".join(part if isinstance(part, str) else f"“{isolated(part.text)}”" for part in text.parts)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Text():
            yield sentence(block)
        case Label(text) | Heading(text):
            yield text
        case Quote(words):
            yield f"“{words.text}”"
        case Exact(words, foot):
            yield from (f"“{own.text}”" for own in words)
            yield foot
        case Details(facts):
            for fact in facts:
                value = fact.value if isinstance(fact.value, str) else f"“{isolated(fact.value.text)}”"
                yield f"{fact.label}: {value}" + (f" (was {fact.was})" if fact.was else "")
        case People(contacts):
            yield from (f"{contact.label}: {contact.number}" for contact in contacts)
        case Choices(_, legend, options, chosen):
            yield f"{legend}: " + ", ".join(o.label + (" (chosen)" if o.value == chosen else "") for o in options)
        case Buttons(row):
            yield " ".join(f"[{button.label}]" for button in row)
        case Seen(text):
            yield text
