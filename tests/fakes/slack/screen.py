"""What a person sees and what they can touch: words, buttons and fields read from blocks, and fields filled in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tests.fakes.slack.shapes import Json, items, obj, objects, text

Draft = dict[tuple[str, str], Json]
Value = str | Sequence[str] | None

_SINGLE: Final = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "radio_buttons": ("selected_option", "initial_option"),
    "static_select": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
}
_MANY: Final = {
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
}
_HOLDS: Final = {**_SINGLE, **_MANY}


class NotOnScreen(Exception):
    """Nobody could do that: it is not there to be seen, pressed or chosen. The message says what is."""


class HeldBack(Exception):
    """Slack itself would not send this form: a field is empty, too short or too long."""


class Control:
    """One element somebody can touch, with the block it stands in."""

    def __init__(self, block: Json, element: Json) -> None:
        self.block = block
        self.element = element
        self.kind = text(element.get("type"))
        self.block_id = text(block.get("block_id"))
        self.action_id = text(element.get("action_id"))
        self.label = text(obj(element.get("text")).get("text")) or text(obj(block.get("label")).get("text"))

    @property
    def key(self) -> tuple[str, str]:
        return self.block_id, self.action_id

    @property
    def speaks_at_once(self) -> bool:
        """Outside an input block every choice is sent as it is made."""
        return self.block.get("type") != "input" or self.block.get("dispatch_action") is True


def controls(blocks: Sequence[object]) -> Iterator[Control]:
    """Everything that can be touched, from top to bottom."""
    for block in objects(blocks):
        kind = block.get("type")
        if kind == "actions":
            yield from (Control(block, element) for element in objects(block.get("elements")))
        else:
            element = obj(block.get({"section": "accessory", "input": "element"}.get(text(kind), "")))
            if element and element.get("type") != "image":
                yield Control(block, element)


def fields(blocks: Sequence[object]) -> list[Control]:
    """Everything that holds a value."""
    return [control for control in controls(blocks) if control.kind in _HOLDS]


def buttons(blocks: Sequence[object]) -> list[str]:
    """What the buttons say, in reading order."""
    return [control.label for control in controls(blocks) if control.kind == "button"]


def find_button(blocks: Sequence[object], name: str) -> Control:
    """The button of that action id, or that says so."""
    here = [control for control in controls(blocks) if control.kind in {"button", "overflow"}]
    found = [one for one in here if one.action_id == name] or [one for one in here if one.label == name]
    if len(found) != 1:
        raise NotOnScreen(f"{len(found)} buttons are called {name!r}; there are {[one.label for one in here]}")
    return found[0]


def find_field(blocks: Sequence[object], name: str) -> Control:
    """The field of that block id, action id or label."""
    here = fields(blocks)
    for ids in (
        [one for one in here if one.block_id == name],
        [one for one in here if one.action_id == name],
        [one for one in here if one.label == name],
    ):
        if len(ids) == 1:
            return ids[0]
    raise NotOnScreen(f"no one field is called {name!r}; there are {[(one.block_id, one.label) for one in here]}")


def fill(blocks: Sequence[object], draft: Draft, values: Mapping[str, Value]) -> list[Control]:
    """Put the values into the draft; returns the fields that were touched."""
    touched = []
    for name, value in values.items():
        field = find_field(blocks, name)
        draft[field.key] = {"type": field.kind, _HOLDS[field.kind][0]: _held(field, value)}
        touched.append(field)
    return touched


def state_values(blocks: Sequence[object], draft: Draft) -> dict[str, dict[str, Json]]:
    """`state.values` as Slack sends it: every field, touched or not."""
    values: dict[str, dict[str, Json]] = {}
    for field in fields(blocks):
        name, initial = _HOLDS[field.kind]
        empty: object = [] if field.kind in _MANY else None
        entry = draft.get(field.key) or {"type": field.kind, name: field.element.get(initial, empty)}
        values.setdefault(field.block_id, {})[field.action_id] = entry
    return values


def hold_back(blocks: Sequence[object], draft: Draft) -> None:
    """Raise what Slack's own form would say before it sent anything."""
    values = state_values(blocks, draft)
    for field in fields(blocks):
        held = values[field.block_id][field.action_id][_HOLDS[field.kind][0]]
        if field.block.get("type") == "input" and field.block.get("optional") is not True and held in (None, "", []):
            raise HeldBack(f"{field.label!r} is required")
        if isinstance(held, str) and held and field.kind == "plain_text_input":
            least, most = field.element.get("min_length", 0), field.element.get("max_length", 3000)
            if isinstance(least, int) and isinstance(most, int) and not least <= len(held) <= most:
                raise HeldBack(f"{field.label!r} takes {least} to {most} characters, not {len(held)}")


def with_ids(blocks: Sequence[object], prefix: str) -> list[object]:
    """The blocks as Slack keeps them: every block and every element has its id."""
    kept: list[object] = []
    for place, block in enumerate(objects(blocks)):
        whole = {**block, "block_id": block.get("block_id") or f"{prefix}{place}"}
        for name in ("elements", "accessory", "element"):
            inside = whole.get(name)
            if block.get("type") in {"actions", "section", "input"} and inside is not None:
                some = [
                    {"action_id": f"{whole['block_id']}.{at}", **part} if part.get("type") != "image" else part
                    for at, part in enumerate(objects(inside if isinstance(inside, list) else [inside]))
                ]
                whole[name] = some if isinstance(inside, list) else some[0]
        kept.append(whole)
    return kept


def words(blocks: Sequence[object]) -> str:
    """Everything a person reads there, a line for each piece of text."""
    return "\n".join(line for block in objects(blocks) for line in _lines(block))


def _lines(block: Json) -> Iterator[str]:
    match block.get("type"):
        case "section":
            yield from _texts([block.get("text"), *items(block.get("fields"))])
        case "header":
            yield from _texts([block.get("text")])
        case "context":
            yield from _texts(items(block.get("elements")))
        case "markdown":
            yield text(block.get("text"))
        case "image":
            yield text(block.get("alt_text"))
        case "input":
            yield from _texts([block.get("label"), block.get("hint")])
        case "rich_text":
            yield from _rich(block)
        case _:
            pass
    for control in controls([block]):
        if control.kind == "button":
            yield f"[{control.label}]"
        yield from (f"( ) {text(obj(one.get('text')).get('text'))}" for one in _options(control.element))


def _rich(element: Json) -> Iterator[str]:
    if element.get("type") in {"rich_text", "rich_text_list"}:
        for inside in objects(element.get("elements")):
            yield from _rich(inside)
        return
    names = ("text", "url", "user_id", "channel_id", "name", "range", "fallback")
    parts = objects(element.get("elements"))
    yield "".join(next((text(part[name]) for name in names if part.get(name)), "") for part in parts)


def _texts(values: Sequence[object]) -> Iterator[str]:
    yield from (text(obj(value).get("text")) for value in values if text(obj(value).get("text")))


def option_groups(element: Json) -> list[list[Json]]:
    """What can be chosen, in its groups."""
    alone = list(objects(element.get("options")))
    return [
        *([alone] if alone else []),
        *(list(objects(one.get("options"))) for one in objects(element.get("option_groups"))),
    ]


def _options(element: Json) -> list[Json]:
    return [option for group in option_groups(element) for option in group]


def _held(field: Control, value: Value) -> object:
    """What the field holds for what a person chose: an option is named by its text or its value."""
    if field.kind in _MANY:
        several = [value] if isinstance(value, str) else value or ()
        return [_option(field, one) for one in several] if "options" in _MANY[field.kind][0] else list(several)
    if value is None or not isinstance(value, str):
        return value
    if _HOLDS[field.kind][0] == "selected_option":
        return _option(field, value)
    if field.kind == "datetimepicker":
        return int(value)
    return value or None


def _option(field: Control, name: str) -> Json:
    here = _options(field.element)
    for option in here:
        if name in {option.get("value"), text(obj(option.get("text")).get("text"))}:
            return option
    offered = [one.get("value") for one in here]
    raise NotOnScreen(f"{field.label or field.action_id!r} has no {name!r}; it has {offered}")
