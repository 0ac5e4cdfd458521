"""What a person sees and what they can touch: words, buttons and inputs read from Adaptive Cards, and filled in."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tests.fakes.slack.screen import HeldBack, NotOnScreen
from tests.fakes.slack.shapes import Json, items, obj, objects, text

Value = str | Sequence[str] | None
INPUTS: Final = ("Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet")
_NAMES: Final = re.compile(r"</?at>")
_TAGS: Final = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


class Input:
    """One field somebody can fill in."""

    def __init__(self, element: Json) -> None:
        self.element = element
        self.kind = text(element.get("type"))
        self.id = text(element.get("id"))
        self.label = text(element.get("label")) or text(element.get("title")) or text(element.get("placeholder"))

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(text(one.get("title")), text(one.get("value"))) for one in objects(self.element.get("choices"))]

    @property
    def several(self) -> bool:
        return self.element.get("isMultiSelect") is True

    @property
    def initial(self) -> str:
        """What stands in it before anybody touches it."""
        value = self.element.get("value")
        if self.kind == "Input.Toggle":
            return text(value) or text(self.element.get("valueOff")) or "false"
        return "" if value is None else str(value)


class Action:
    """One button, with the inputs that go along when it is pressed."""

    def __init__(self, action: Json, with_inputs: Sequence[Input]) -> None:
        self.action = action
        self.kind = text(action.get("type"))
        self.id = text(action.get("id"))
        self.label = text(action.get("title"))
        self.inputs = () if action.get("associatedInputs") == "none" else tuple(with_inputs)

    @property
    def named(self) -> set[str]:
        return {self.id, text(self.action.get("verb"))} - {""}

    @property
    def enabled(self) -> bool:
        return self.action.get("isEnabled") is not False


def inside(element: Json) -> Iterator[Json]:
    """What stands directly in an element."""
    for name in ("items", "columns", "rows", "cells", "inlines", "images"):
        yield from objects(element.get(name))


def walk(elements: object, *, hidden: bool = False) -> Iterator[Json]:
    """Every element from top to bottom; what is hidden only where that is asked for."""
    for element in objects(elements):
        if hidden or element.get("isVisible") is not False:
            yield element
            yield from walk(list(inside(element)), hidden=hidden)


def inputs(card: Json, opened: set[str] | None = None) -> list[Input]:
    """Every input, seen or not (a hidden one is sent too), also of the cards that were opened under a button."""
    here = [Input(one) for one in walk(card.get("body"), hidden=True) if one.get("type") in INPUTS]
    return here + [field for _, under in _under(card, opened or set()) for field in inputs(under, opened)]


def actions(card: Json, opened: set[str] | None = None, above: Sequence[Input] = ()) -> list[Action]:
    """Every button in reading order."""
    fields = [*above, *(Input(one) for one in walk(card.get("body"), hidden=True) if one.get("type") in INPUTS)]
    found = []
    for element in walk(card.get("body")):
        if element.get("type") == "ActionSet":
            found += [Action(one, fields) for one in objects(element.get("actions"))]
        for name in ("selectAction", "inlineAction"):
            if isinstance(element.get(name), dict):
                found.append(Action(obj(element.get(name)), fields))
    found += [Action(one, fields) for one in objects(card.get("actions"))]
    for _, under in _under(card, opened or set()):
        found += actions(under, opened, fields)
    return found


def _under(card: Json, opened: set[str]) -> Iterator[tuple[str, Json]]:
    """The cards under buttons that somebody opened."""
    sets = [one for one in walk(card.get("body")) if one.get("type") == "ActionSet"]
    for action in [one for holder in (*sets, card) for one in objects(holder.get("actions"))]:
        if action.get("type") == "Action.ShowCard" and text(action.get("title")) in opened:
            yield text(action.get("title")), obj(action.get("card"))


def buttons(card: Json, opened: set[str] | None = None) -> list[str]:
    """What the buttons say, in reading order."""
    return [one.label for one in actions(card, opened) if one.label]


def find_button(cards: Sequence[Json], name: str, opened: set[str]) -> Action:
    """The button of that verb or id, or that says so."""
    here = [one for card in cards for one in actions(card, opened)]
    found = [one for one in here if one.label == name] or [one for one in here if name in one.named]
    if len(found) != 1:
        raise NotOnScreen(f"{len(found)} buttons are called {name!r}; there are {[one.label for one in here]}")
    if not found[0].enabled:
        raise NotOnScreen(f"{name!r} cannot be pressed now")
    return found[0]


def find_input(fields: Sequence[Input], name: str) -> Input:
    """The field of that id or label."""
    for same in ([one for one in fields if one.id == name], [one for one in fields if one.label == name]):
        if len(same) == 1:
            return same[0]
    raise NotOnScreen(f"no one field is called {name!r}; there are {[(one.id, one.label) for one in fields]}")


def held(field: Input, value: Value) -> str:
    """What the field holds for what a person chose; a choice is named by its words or its value."""
    if field.kind == "Input.ChoiceSet":
        several = [value] if isinstance(value, str) else list(value or ())
        if len(several) > 1 and not field.several:
            raise NotOnScreen(f"{field.label!r} takes one choice")
        return ",".join(_choice(field, one) for one in several)
    if field.kind == "Input.Toggle":
        on, off = text(field.element.get("valueOn")) or "true", text(field.element.get("valueOff")) or "false"
        if value not in {on, off, "on", "off"}:
            raise NotOnScreen(f"{field.label!r} is on or off")
        return on if value in {on, "on"} else off
    if value is not None and not isinstance(value, str):
        raise NotOnScreen(f"{field.label!r} takes words")
    return value or ""


def _choice(field: Input, name: str) -> str:
    for title, value in field.choices:
        if name in {title, value}:
            return value
    if field.element.get("style") == "filtered" and field.element.get("choices.data"):
        return name
    raise NotOnScreen(f"{field.label or field.id!r} has no {name!r}; it has {field.choices}")


def values(fields: Sequence[Input], draft: Mapping[str, str]) -> dict[str, str]:
    """What the client sends: every input by its id, touched or not."""
    return {one.id: draft.get(one.id, one.initial) for one in fields}


def hold_back(fields: Sequence[Input], draft: Mapping[str, str]) -> None:
    """Raise what the client itself would say before it sent anything."""
    for field in fields:
        value = draft.get(field.id, field.initial)
        off = field.kind == "Input.Toggle" and value == (text(field.element.get("valueOff")) or "false")
        if field.element.get("isRequired") is True and (not value.strip() or off):
            raise HeldBack(text(field.element.get("errorMessage")) or f"{field.label!r} is required")
        most = field.element.get("maxLength")
        if isinstance(most, int) and len(value) > most:
            raise HeldBack(f"{field.label!r} takes {most} characters, not {len(value)}")
        pattern = text(field.element.get("regex"))
        if value and pattern and not re.search(pattern, value):
            raise HeldBack(text(field.element.get("errorMessage")) or f"{field.label!r} does not fit {pattern}")
        if value and field.kind in {"Input.Number", "Input.Date", "Input.Time"}:
            _within(field, value)


def _within(field: Input, value: str) -> None:
    shape = {"Input.Number": r"-?\d+(\.\d+)?", "Input.Date": r"\d{4}-\d\d-\d\d", "Input.Time": r"\d\d:\d\d"}[field.kind]
    least, most = field.element.get("min"), field.element.get("max")
    fits = re.fullmatch(shape, value) is not None
    if fits and field.kind == "Input.Number":
        low = float(least) if isinstance(least, int | float) else float("-inf")
        fits = low <= float(value) <= (float(most) if isinstance(most, int | float) else float("inf"))
    elif fits:
        fits = text(least) <= value and (not text(most) or value <= text(most))
    if not fits:
        raise HeldBack(text(field.element.get("errorMessage")) or f"{field.label!r} does not take {value!r}")


def typed(words: str) -> str:
    """What a person wrote, as it is read: names without their tags, and all else as it stands."""
    return _NAMES.sub("", words).strip()


def marked(words: str) -> str:
    """What an app wrote in Markdown, as it is read: tags are not shown, escapes and entities are what they mean."""
    return html.unescape(_ESCAPED.sub(r"\1", _TAGS.sub("", words))).strip()


def words(card: Json) -> str:
    """Everything a person reads in a card, a line for each piece of text."""
    return "\n".join(line for line in _all_lines(card) if line)


def _all_lines(card: Json) -> Iterator[str]:
    for element in objects(card.get("body")):
        yield from _lines(element)
    yield from _labels(card)


def _labels(holder: Json) -> Iterator[str]:
    yield from (f"[{text(one.get('title'))}]" for one in objects(holder.get("actions")))


def _lines(element: Json) -> Iterator[str]:
    if element.get("isVisible") is False:
        return
    match element.get("type"):
        case "TextBlock":
            yield marked(text(element.get("text")))
        case "RichTextBlock":
            runs = items(element.get("inlines"))
            yield "".join(one if isinstance(one, str) else text(obj(one).get("text")) for one in runs)
        case "FactSet":
            for fact in objects(element.get("facts")):
                yield f"{marked(text(fact.get('title')))} {marked(text(fact.get('value')))}"
        case "Image":
            yield text(element.get("altText"))
        case "ActionSet":
            yield from _labels(element)
        case "Input.Toggle":
            yield from (text(element.get("label")), f"( ) {text(element.get('title'))}")
        case "Input.ChoiceSet":
            field = Input(element)
            yield from (text(element.get("label")), *(f"( ) {title}" for title, _ in field.choices))
        case kind if kind in INPUTS:
            field = Input(element)
            yield field.label
            yield field.initial
        case _:
            for child in inside(element):
                yield from _lines(child)
