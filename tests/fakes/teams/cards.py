"""Adaptive Cards as Teams takes them: what it refuses, and what it shows otherwise than the app may think."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Final

from tests.fakes.slack.shapes import Json, obj, objects, text
from tests.fakes.teams import screen

WARNS_ABOVE: Final = 28 * 1024
MOST_ACTIONS: Final = 6
_BEFORE_EXECUTE: Final = {"1.0", "1.1", "1.2", "1.3"}
_EVERY: Final = "type id isVisible separator spacing height fallback requires targetWidth lang rtl"
_INPUT: Final = "label isRequired errorMessage value placeholder"
# What each element may have, and before the bar what it must have.
ELEMENTS: Final = {
    "TextBlock": "text|color fontType horizontalAlignment isSubtle maxLines size weight wrap style",
    "RichTextBlock": "inlines|horizontalAlignment",
    "Image": "url|altText backgroundColor horizontalAlignment selectAction size style width msteams",
    "ImageSet": "images|imageSize",
    "Media": "sources|poster altText captionSources",
    "Container": "items|selectAction style verticalContentAlignment bleed backgroundImage minHeight",
    "ColumnSet": "|columns selectAction style bleed minHeight horizontalAlignment",
    "Column": "|items selectAction style verticalContentAlignment bleed backgroundImage minHeight width",
    "FactSet": "facts|",
    "Table": "|columns rows firstRowAsHeader showGridLines gridStyle horizontalCellContentAlignment "
    "verticalCellContentAlignment",
    "TableRow": "|cells style horizontalCellContentAlignment verticalCellContentAlignment",
    "TableCell": "items|selectAction style verticalContentAlignment bleed backgroundImage minHeight",
    "ActionSet": "actions|horizontalAlignment",
    "Input.Text": f"id|{_INPUT} isMultiline maxLength regex style inlineAction",
    "Input.Number": f"id|{_INPUT} min max",
    "Input.Date": f"id|{_INPUT} min max",
    "Input.Time": f"id|{_INPUT} min max",
    "Input.Toggle": f"id title|{_INPUT} valueOn valueOff wrap",
    "Input.ChoiceSet": f"id|{_INPUT} choices choices.data isMultiSelect style wrap",
}
_ACTION: Final = "type id title iconUrl style fallback requires tooltip isEnabled mode"
ACTIONS: Final = {
    "Action.Execute": "verb|data associatedInputs",
    "Action.Submit": "|data associatedInputs msteams",
    "Action.OpenUrl": "url|",
    "Action.ShowCard": "card|",
    "Action.ToggleVisibility": "targetElements|",
}
_CARD: Final = set(
    "type version $schema body actions fallbackText speak lang rtl minHeight selectAction backgroundImage "
    "verticalContentAlignment refresh authentication msteams metadata style".split()
)
_ONE_OF: Final = {
    "size": {"default", "small", "medium", "large", "extralarge", "auto", "stretch"},
    "weight": {"default", "lighter", "bolder"},
    "color": {"default", "dark", "light", "accent", "good", "warning", "attention"},
    "spacing": {"default", "none", "small", "medium", "large", "extralarge", "padding"},
    "associatedInputs": {"auto", "none"},
    "mode": {"primary", "secondary"},
}


def problems(card: object) -> list[str]:
    """Why Teams would not take this card, or could not draw it."""
    if not isinstance(card, dict):
        return ["the content of a card is an object"]
    return list(_wrong(obj(card)))


def complaints(card: Json) -> list[str]:
    """What Teams lets pass and an app should not do."""
    return list(_odd(card))


def _wrong(card: Json, at: str = "") -> Iterator[str]:
    if card.get("type") != "AdaptiveCard":
        yield f"{at}/type is not AdaptiveCard"
    if not at and card.get("version") not in {f"1.{minor}" for minor in range(6)}:
        yield f"/version is {card.get('version')!r}; Teams draws 1.0 to 1.5"
    for name in ("body", "actions"):
        if not isinstance(card.get(name, []), list):
            yield f"{at}/{name} is not a list"
    if not at and not card.get("body") and not card.get("actions"):
        yield "there is nothing in the card"
    for place, element in enumerate(_list(card.get("body"))):
        yield from _wrong_element(element, f"{at}/body/{place}")
    for place, action in enumerate(_list(card.get("actions"))):
        yield from _wrong_action(action, f"{at}/actions/{place}")
    if not at:
        if card.get("version") in _BEFORE_EXECUTE and any(one.get("type") == "Action.Execute" for one in _things(card)):
            yield f"/version is {card.get('version')}, and Action.Execute works from 1.4"
        if "refresh" in card:
            yield from _wrong_action(obj(card["refresh"]).get("action"), "/refresh/action")
        ids = Counter(one.id for one in _every_input(card) if one.id)
        yield from (f"two inputs are called {name!r}" for name, often in ids.items() if often > 1)


def _wrong_element(given: object, at: str) -> Iterator[str]:
    element = obj(given)
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in ELEMENTS:
        if "fallback" not in element:
            yield f"{at} is a {kind!r}, which Teams does not know"
        return
    yield from _missing(element, ELEMENTS[kind], at)
    for name in ("items", "columns", "rows", "cells", "images"):
        if name not in element or (kind == "Table" and name == "columns"):
            continue
        if not isinstance(element[name], list):
            yield f"{at}/{name} is not a list"
        implied = {"columns": "Column", "rows": "TableRow", "cells": "TableCell", "images": "Image"}.get(name)
        for place, child in enumerate(_list(element[name])):
            whole = {"type": implied, **obj(child)} if implied else child
            yield from _wrong_element(whole, f"{at}/{name}/{place}")
    for place, action in enumerate(_list(element.get("actions"))):
        yield from _wrong_action(action, f"{at}/actions/{place}")
    for name in ("selectAction", "inlineAction"):
        if name in element:
            yield from _wrong_action(element[name], f"{at}/{name}")
            if obj(element[name]).get("type") == "Action.ShowCard":
                yield f"{at}/{name} cannot open a card"
    if kind == "Input.ChoiceSet":
        for place, choice in enumerate(_list(element.get("choices"))):
            if not all(isinstance(obj(choice).get(name), str) and obj(choice)[name] for name in ("title", "value")):
                yield f"{at}/choices/{place} needs a title and a value, both words"
    if kind == "FactSet" and not all(isinstance(one, dict) for one in _list(element.get("facts"))):
        yield f"{at}/facts holds something else"
    if kind.startswith("Input.") and kind != "Input.Number" and not isinstance(element.get("value", ""), str):
        yield f"{at}/value is not a string"


def _wrong_action(given: object, at: str) -> Iterator[str]:
    action = obj(given)
    kind = action.get("type")
    if not isinstance(kind, str) or kind not in ACTIONS:
        if "fallback" not in action:
            yield f"{at} is a {kind!r}, which Teams does not know"
        return
    yield from _missing(action, ACTIONS[kind], at)
    if kind == "Action.Execute" and not isinstance(action.get("data", {}), dict):
        yield f"{at}/data is not an object"
    if kind == "Action.ShowCard":
        yield from _wrong(obj(action.get("card")), f"{at}/card")


def _missing(thing: Json, shape: str, at: str) -> Iterator[str]:
    for name in shape.partition("|")[0].split():
        value = thing.get(name)
        if value is None or value == "" or (name in {"text", "id", "url", "verb"} and not isinstance(value, str)):
            yield f"{at}/{name} is missing"


def _every_input(card: Json) -> list[screen.Input]:
    """The inputs of a card and of all cards under its buttons."""
    opened = {text(one.get("title")) for one in _things(card) if one.get("type") == "Action.ShowCard"}
    return screen.inputs(card, opened)


def _things(value: object) -> Iterator[Json]:
    """Every object in it that has a type."""
    if isinstance(value, list):
        for one in value:
            yield from _things(one)
    elif isinstance(value, dict):
        if "type" in value:
            yield obj(value)
        for name, one in value.items():
            if name not in {"data", "refresh", "authentication", "msteams"}:
                yield from _things(one)


def _odd(card: Json) -> Iterator[str]:
    size = len(json.dumps(card, ensure_ascii=False).encode())
    if size > WARNS_ABOVE:
        yield f"a card of {size} bytes: above {WARNS_ABOVE} some clients cut"
    if unknown := card.keys() - _CARD:
        yield f"a card has {sorted(unknown)}, which Teams does not know"
    for thing in _things(card):
        kind = str(thing.get("type"))
        known = {**ELEMENTS, **ACTIONS}.get(kind)
        if known is None:
            continue
        allowed = {*known.replace("|", " ").split(), *(_ACTION if kind in ACTIONS else _EVERY).split()}
        if unknown := thing.keys() - allowed:
            yield f"{kind} has {sorted(unknown)}, which Teams does not know"
        for name, right in _ONE_OF.items():
            value = thing.get(name)
            if isinstance(value, str) and value.lower() not in right:
                yield f"{kind}/{name} is {value!r}, which Teams does not know"
        if kind in ACTIONS and not thing.get("title") and not thing.get("iconUrl") and "selectAction" not in card:
            yield from _untitled(card, thing)
        if kind == "Image" and not thing.get("altText"):
            yield "an Image has no altText"
        if kind.startswith("Input.") and not thing.get("label") and kind != "Input.Toggle":
            yield f"{kind} {thing.get('id')!r} has no label"
        if thing.get("isRequired") is True and not thing.get("errorMessage"):
            yield f"{kind} {thing.get('id')!r} is required and says nothing when it is empty"
    shown = [one for one in objects(card.get("actions")) if one.get("mode") != "secondary"]
    if len(shown) > MOST_ACTIONS:
        yield f"{len(shown)} actions: Teams shows {MOST_ACTIONS} and hides the others"
    if not (card.get("fallbackText") or card.get("speak")):
        yield "a card has neither fallbackText nor speak"


def _untitled(card: Json, action: Json) -> Iterator[str]:
    """A button without words, unless a whole element is what is pressed."""
    if any(one is action for one in objects(card.get("actions"))):
        yield f"{action.get('type')} has no title"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
