"""What becomes of a pane: which remarks are written when a person acted and was answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace

from bot.cards import Answer, Block, Buttons, Card, Choices, Nothing, OnlyYou, Open, Replace, Wrong
from bot.events import Commanded, FromPlatform, Pressed, Said, Submitted
from bot.platform import Remark
from bot.records import Own


def spoken(event: Said | Commanded | Pressed, words: str, at: datetime) -> Remark:
    """What the person did, as their own message. Its key follows from the event's."""
    kind = {Said: "words", Commanded: "command", Pressed: "tap"}[type(event)]
    own = Own(words, event.by.user)
    return Remark(key=f"said:{event.key}", person=own.by, at=at, kind=kind, words=own)


def after(
    event: FromPlatform,
    answer: Answer,
    own: Remark | None,
    log: Sequence[Remark],
    *,
    source: str,
    at: datetime,
    answered: Collection[str] = (),
) -> list[Remark]:
    """The remarks to write, in order; told again, nothing more.

    `source` is the key of the card acted on, `answered` those of questions whose conversation went on with the words.
    """
    known = {remark.key: remark for remark in log}
    new = own is not None and own.key not in known
    # A button that opens a form has said nothing yet.
    out = [own] if own and new and not (isinstance(event, Pressed) and isinstance(answer, Open)) else []
    out = [replace(r, card=without_answers(r.card)) for r in log if r.key in answered and r.card] + out
    only = f"only:{event.key}"
    match answer:
        case OnlyYou(card) | Replace(card):
            acted_on = known.get(source)
            if isinstance(answer, Replace) and acted_on and acted_on.card:
                if not_older(card, acted_on.card) and (new or isinstance(event, Submitted)):
                    out.insert(0, replace(acted_on, card=card))
            elif only not in known:
                out.append(Remark(key=only, person=event.by.user, at=at, kind="card", card=card))
        case Nothing() if new:
            out = [*_pressed(event, log, source), *out]
        case Nothing() | Open() | Wrong():
            pass
    return out


def _pressed(event: FromPlatform, log: Sequence[Remark], source: str) -> list[Remark]:
    """The card whose button was pressed, without its answers."""
    if not isinstance(event, Pressed):
        return []
    cards = ((remark, remark.card) for remark in log if remark.card and remark.key == source)
    bare = ((remark, card, without_answers(card)) for remark, card in cards if card.version <= event.version)
    return [replace(remark, card=now) for remark, card, now in bare if now != card]


def open_questions(log: Sequence[Remark]) -> list[Remark]:
    """The questions that words may answer: their buttons go once the conversation they belong to has gone on.

    A card that keeps something for later (framed) or holds contacts (grave) is no question, and keeps its buttons.
    """
    cards = ((remark, remark.card) for remark in log if remark.card and remark.card.thread)
    return [r for r, card in cards if not card.framed and not card.grave and without_answers(card) != card]


def without_answers(card: Card) -> Card:
    """The card when it has been answered: its links stay, buttons and choices go."""
    blocks: list[Block] = []
    for block in card.blocks:
        match block:
            case Buttons(row):
                if links := tuple(button for button in row if button.url):
                    blocks.append(Buttons(links))
            case Choices():
                pass
            case _:
                blocks.append(block)
    return replace(card, blocks=tuple(blocks))


def not_older(card: Card, than: Card) -> bool:
    """Whether a card may take another's place: a request told again must not bring back what has moved on."""
    return card.thread != than.thread or card.version >= than.version


def label_on(card: Card, verb: str, value: str) -> str:
    """What stands on a button of the card, if it is still there."""
    row = (button for block in card.blocks if isinstance(block, Buttons) for button in block.row)
    return next((button.label for button in row if (button.verb, button.value) == (verb, value)), "")


def hint(log: Sequence[Remark]) -> str:
    """What stands under the writing box: the hint of the latest card."""
    return next((remark.card.hint for remark in reversed(log) if remark.card), "")
