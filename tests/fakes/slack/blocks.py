"""Block Kit's rules: what Slack would refuse of a list of blocks, in Slack's own words and places."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, Literal

from tests.fakes.slack.shapes import Json, items, obj, text

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS: Final = {"message": 50, "modal": 100, "home": 100}
MOST_TEXT_IN_ALL: Final = 12_000  # not documented; refused as msg_blocks_too_long (slackapi/bolt-js #2509 and #2867)

_SETTINGS: Final = {"confirm", "focus_on_load"}
_PICKER: Final = {"placeholder", *_SETTINGS}
_TYPED: Final = {"initial_value", "placeholder", "focus_on_load", "dispatch_action_config"}
_SEVERAL: Final = {"max_selected_items", *_PICKER}
_LISTED: Final = {"options", "option_groups", *_PICKER}

# Each element: the fields it may have beside its type and action_id, and the blocks it may stand in.
_ELEMENTS: Final[Mapping[str, tuple[set[str], set[str]]]] = {
    "button": ({"text", "value", "url", "style", "confirm", "accessibility_label"}, {"section", "actions"}),
    "overflow": ({"options", "confirm"}, {"section", "actions"}),
    "checkboxes": ({"options", "initial_options", *_SETTINGS}, {"section", "actions", "input"}),
    "radio_buttons": ({"options", "initial_option", *_SETTINGS}, {"section", "actions", "input"}),
    "static_select": ({"initial_option", *_LISTED}, {"section", "actions", "input"}),
    "multi_static_select": ({"initial_options", "max_selected_items", *_LISTED}, {"section", "input"}),
    "users_select": ({"initial_user", *_PICKER}, {"section", "actions", "input"}),
    "multi_users_select": ({"initial_users", "max_selected_items", *_PICKER}, {"section", "input"}),
    "conversations_select": (
        {"initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter", *_PICKER},
        {"section", "actions", "input"},
    ),
    "channels_select": ({"initial_channel", "response_url_enabled", *_PICKER}, {"section", "actions", "input"}),
    "datepicker": ({"initial_date", *_PICKER}, {"section", "actions", "input"}),
    "timepicker": ({"initial_time", "timezone", *_PICKER}, {"section", "actions", "input"}),
    "datetimepicker": ({"initial_date_time", *_SETTINGS}, {"actions", "input"}),
    "plain_text_input": ({"multiline", "min_length", "max_length", *_TYPED}, {"input"}),
    "email_text_input": (_TYPED, {"input"}),
    "url_text_input": (_TYPED, {"input"}),
    "number_input": ({"is_decimal_allowed", "min_value", "max_value", *_TYPED}, {"input"}),
    "external_select": ({"initial_option", "min_query_length", *_PICKER}, {"section", "actions", "input"}),
    "multi_external_select": ({"initial_options", "min_query_length", *_SEVERAL}, {"section", "input"}),
    "multi_conversations_select": (
        {"initial_conversations", "default_to_current_conversation", "filter", *_SEVERAL},
        {"section", "input"},
    ),
    "multi_channels_select": ({"initial_channels", *_SEVERAL}, {"section", "input"}),
    "rich_text_input": ({"placeholder", "focus_on_load", "dispatch_action_config", "initial_value"}, {"input"}),
    "file_input": ({"filetypes", "max_files"}, {"input"}),
    "workflow_button": ({"text", "workflow", "style", "accessibility_label"}, {"section", "actions"}),
    "image": ({"image_url", "alt_text", "slack_file"}, {"section", "context"}),
}
_BLOCKS: Final[Mapping[str, set[str]]] = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "divider": set(),
    "image": {"image_url", "alt_text", "title", "slack_file"},
    "actions": {"elements"},
    "context": {"elements"},
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
    "rich_text": {"elements"},
    "markdown": {"text"},
    "video": {
        "alt_text", "author_name", "description", "provider_icon_url", "provider_name", "title", "title_url",
        "thumbnail_url", "video_url",
    },
}  # fmt: skip
_RICH: Final[Mapping[str, set[str]]] = {
    "rich_text_section": {"elements"},
    "rich_text_list": {"elements", "style", "indent", "offset", "border"},
    "rich_text_preformatted": {"elements", "border", "language"},
    "rich_text_quote": {"elements", "border"},
}
_RICH_PARTS: Final[Mapping[str, str]] = {
    "text": "text",
    "link": "url",
    "emoji": "name",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "broadcast": "range",
    "date": "timestamp",
    "color": "value",
}
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_VIEW: Final = {
    "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close",
    "notify_on_close", "external_id", "submit_disabled",
}  # fmt: skip


def problems(blocks: Sequence[object], surface: Surface) -> list[str]:
    """What Slack would say against these blocks on that surface; nothing when it would show them."""
    return _Look(surface).blocks(blocks, "")


def message_problems(words: str, blocks: Sequence[object]) -> list[str]:
    """The same for a whole message. Blocks without `text` are silent in notifications and to a screen reader."""
    missing = ["must provide text beside blocks [json-pointer:/text]"] if blocks and not words.strip() else []
    return missing + problems(blocks, "message")


def view_problems(view: Json) -> list[str]:
    """The same for a modal or a home tab."""
    kind = view.get("type")
    if kind == "modal":
        return _Look("modal").view(view)
    if kind == "home":
        return _Look("home").view(view)
    return [f"unsupported type: {kind} [json-pointer:/view/type]"]


def text_in_all(blocks: object) -> int:
    """How many characters the blocks show, everything together."""
    if isinstance(blocks, dict):
        own = len(text(blocks.get("text")))
        return own + sum(text_in_all(value) for value in blocks.values())
    return sum(text_in_all(block) for block in blocks) if isinstance(blocks, list) else 0


class _Look:
    """One look over one surface: what was found, and the ids met on the way."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.found: list[str] = []
        self.block_ids: set[str] = set()
        self.action_ids: set[str] = set()
        self.focused = 0

    def view(self, view: Json) -> list[str]:
        self.only(view, _VIEW, "/view")
        if self.surface == "modal":
            self.plain(view.get("title"), "/view/title", 24)
            for name in ("submit", "close"):
                if view.get(name) is not None:
                    self.plain(view[name], f"/view/{name}", 24)
            if not view.get("submit") and any(obj(block).get("type") == "input" for block in items(view.get("blocks"))):
                self.fail("/view/submit", "missing required field: submit")
        elif used := {"title", "submit", "close"} & view.keys():
            self.fail("/view", f"a home tab has no {', '.join(sorted(used))}")
        for name, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
            if view.get(name) is not None:
                self.string(view[name], f"/view/{name}", most, least=0)
        if not isinstance(view.get("blocks"), list):
            self.fail("/view/blocks", "missing required field: blocks")
        return self.blocks(items(view.get("blocks")), "/view")

    def blocks(self, blocks: Sequence[object], above: str) -> list[str]:
        where = f"{above}/blocks"
        if len(blocks) > MOST_BLOCKS[self.surface]:
            self.fail(where, f"no more than {MOST_BLOCKS[self.surface]} items allowed")
        for place, block in enumerate(blocks):
            self.block(obj(block), f"{where}/{place}")
        if self.focused > 1:
            self.fail(where, "only one element may have focus_on_load")
        return self.found

    def block(self, block: Json, where: str) -> None:
        kind = text(block.get("type"))
        if kind not in _BLOCKS or (kind == "markdown" and self.surface != "message"):
            self.fail(f"{where}/type", f"unsupported type: {kind or block.get('type')}")
            return
        self.only(block, {"type", "block_id", *_BLOCKS[kind]}, where)
        if self.surface != "message":  # Slack asks it of each block; a message of ours is one card, so there it is all
            self.action_ids = set()
        if block.get("block_id") is not None:
            self.unique(block["block_id"], f"{where}/block_id", self.block_ids, "block_id")
        looks: Mapping[str, Callable[[Json, str], None]] = {
            "section": self.section,
            "header": lambda one, at: self.plain(one.get("text"), f"{at}/text", 150),
            "divider": lambda one, at: None,
            "image": self.image,
            "actions": self.actions,
            "context": self.context,
            "input": self.input,
            "rich_text": self.rich_text,
            "markdown": lambda one, at: self.string(one.get("text"), f"{at}/text", 12_000),
            "video": self.video,
        }
        looks[kind](block, where)

    def section(self, block: Json, where: str) -> None:
        if block.get("text") is None and not items(block.get("fields")):
            self.fail(where, "must provide text or fields")
        if block.get("text") is not None:
            self.words(block["text"], f"{where}/text", 3000)
        if block.get("fields") is not None:
            for place, field in enumerate(self.filled(block["fields"], f"{where}/fields", 10)):
                self.words(field, f"{where}/fields/{place}", 2000)
        if block.get("accessory") is not None:
            self.element(obj(block["accessory"]), f"{where}/accessory", "section")

    def image(self, block: Json, where: str) -> None:
        self.string(block.get("alt_text"), f"{where}/alt_text", 2000)
        if block.get("slack_file") is None:
            self.address(block.get("image_url"), f"{where}/image_url")
        if block.get("title") is not None:
            self.plain(block["title"], f"{where}/title", 2000)

    def video(self, block: Json, where: str) -> None:
        self.string(block.get("alt_text"), f"{where}/alt_text", None)
        self.plain(block.get("title"), f"{where}/title", 199)
        for name in ("thumbnail_url", "video_url"):
            self.address(block.get(name), f"{where}/{name}")
        if block.get("description") is not None:
            self.plain(block["description"], f"{where}/description", 200)
        if block.get("author_name") is not None:
            self.string(block["author_name"], f"{where}/author_name", 49)

    def actions(self, block: Json, where: str) -> None:
        for place, element in enumerate(self.filled(block.get("elements"), f"{where}/elements", 25)):
            self.element(obj(element), f"{where}/elements/{place}", "actions")

    def context(self, block: Json, where: str) -> None:
        for place, element in enumerate(self.filled(block.get("elements"), f"{where}/elements", 10)):
            if obj(element).get("type") == "image":
                self.element(obj(element), f"{where}/elements/{place}", "context")
            else:
                self.words(element, f"{where}/elements/{place}", 3000)

    def input(self, block: Json, where: str) -> None:
        self.plain(block.get("label"), f"{where}/label", 2000)
        if block.get("hint") is not None:
            self.plain(block["hint"], f"{where}/hint", 2000)
        for name in ("optional", "dispatch_action"):
            self.flag(block, name, where)
        self.element(obj(block.get("element")), f"{where}/element", "input")

    def rich_text(self, block: Json, where: str) -> None:
        for place, element in enumerate(self.filled(block.get("elements"), f"{where}/elements", None)):
            self.rich(obj(element), f"{where}/elements/{place}")

    def rich(self, element: Json, where: str) -> None:
        kind = text(element.get("type"))
        if kind not in _RICH:
            self.fail(f"{where}/type", f"unsupported type: {kind}")
            return
        self.only(element, {"type", *_RICH[kind]}, where)
        if not isinstance(element.get("elements"), list):
            self.fail(f"{where}/elements", "missing required field: elements")
        if kind == "rich_text_list" and text(element.get("style")) not in {"bullet", "ordered"}:
            self.fail(f"{where}/style", "must be one of: bullet, ordered")
        for place, part in enumerate(items(element.get("elements"))):
            at = f"{where}/elements/{place}"
            if kind == "rich_text_list":
                if obj(part).get("type") != "rich_text_section":
                    self.fail(f"{at}/type", "must be rich_text_section")
                self.rich(obj(part), at)
            else:
                self.rich_part(obj(part), at)

    def rich_part(self, part: Json, where: str) -> None:
        kind = text(part.get("type"))
        if kind not in _RICH_PARTS:
            self.fail(f"{where}/type", f"unsupported type: {kind}")
            return
        needed = _RICH_PARTS[kind]
        if kind == "date":
            if not isinstance(part.get(needed), int):
                self.fail(f"{where}/{needed}", "must provide a number")
        else:
            self.string(part.get(needed), f"{where}/{needed}", None)
        styles = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
        for name, value in obj(part.get("style")).items():
            if name not in styles or not isinstance(value, bool):
                self.fail(f"{where}/style", f"invalid additional property: {name}")

    def element(self, element: Json, where: str, place: str) -> None:
        kind = text(element.get("type"))
        fields, places = _ELEMENTS.get(kind, (set[str](), set[str]()))
        if place not in places:
            self.fail(f"{where}/type", f"unsupported type: {kind or element.get('type')}")
            return
        if kind == "image":
            self.only(element, {"type", *fields}, where)
            self.image(element, where)
            return
        self.only(element, {"type", "action_id", *fields}, where)
        if element.get("action_id") is not None:
            self.unique(element["action_id"], f"{where}/action_id", self.action_ids, "action_id")
        if element.get("placeholder") is not None:
            self.plain(element["placeholder"], f"{where}/placeholder", 150)
        if element.get("confirm") is not None:
            self.confirm(obj(element["confirm"]), f"{where}/confirm")
        self.flag(element, "focus_on_load", where)
        self.focused += element.get("focus_on_load") is True
        self.number(element, "max_selected_items", where, 1)
        self.number(element, "min_query_length", where, 0)
        self.number(element, "max_files", where, 1, 10)
        if kind in {"button", "workflow_button"}:
            self.button(element, where)
        elif kind in {"datepicker", "timepicker", "datetimepicker"}:
            self.moment(kind, element, where)
        elif kind.endswith("_input") and kind not in {"rich_text_input", "file_input"}:
            self.typed(kind, element, where)
        elif "options" in fields:
            self.choice(kind, element, where)

    def button(self, element: Json, where: str) -> None:
        self.plain(element.get("text"), f"{where}/text", 75)
        for name, most in (("value", 2000), ("accessibility_label", 75)):
            if element.get(name) is not None:
                self.string(element[name], f"{where}/{name}", most)
        if element.get("url") is not None:
            self.address(element["url"], f"{where}/url")
        if text(element.get("style", "primary")) not in {"primary", "danger"}:
            self.fail(f"{where}/style", "must be one of: primary, danger")

    def choice(self, kind: str, element: Json, where: str) -> None:
        grouped, marked = element.get("option_groups"), kind in {"radio_buttons", "checkboxes"}
        if grouped is not None and element.get("options") is not None:
            self.fail(where, "must provide either options or option_groups, not both")
        most = 10 if marked else 5 if kind == "overflow" else 100
        offered: list[object] = []
        if grouped is None:
            offered = self.filled(element.get("options"), f"{where}/options", most)
            self.options(offered, f"{where}/options", marked=marked, link=kind == "overflow")
        else:
            for place, group in enumerate(self.filled(grouped, f"{where}/option_groups", 100)):
                at = f"{where}/option_groups/{place}"
                self.plain(obj(group).get("label"), f"{at}/label", 75)
                some = self.filled(obj(group).get("options"), f"{at}/options", 100)
                self.options(some, f"{at}/options", marked=False, link=False)
                offered += some
        initial = element.get("initial_options")
        chosen = items(initial) if initial is not None else [element.get("initial_option")]
        if initial is not None and not chosen:
            self.fail(f"{where}/initial_options", "must have at least 1 item")
        for option in chosen:
            if option is not None and option not in offered:
                self.fail(f"{where}/initial_option", "must match one of the options")

    def options(self, options: Sequence[object], where: str, *, marked: bool, link: bool) -> None:
        for place, one in enumerate(options):
            option, at = obj(one), f"{where}/{place}"
            self.only(option, {"text", "value", "description", *(("url",) if link else ())}, at)
            say = self.words if marked else self.plain
            say(option.get("text"), f"{at}/text", 75)
            self.string(option.get("value"), f"{at}/value", 150)
            if option.get("description") is not None:
                say(option["description"], f"{at}/description", 75)

    def moment(self, kind: str, element: Json, where: str) -> None:
        day, time, both = element.get("initial_date"), element.get("initial_time"), element.get("initial_date_time")
        if day is not None and not _is_day(day):
            self.fail(f"{where}/initial_date", "must be a date as YYYY-MM-DD")
        if time is not None and not (isinstance(time, str) and _TIME.fullmatch(time)):
            self.fail(f"{where}/initial_time", "must be a time as HH:mm")
        if both is not None and not (isinstance(both, int) and len(str(both)) == 10):
            self.fail(f"{where}/initial_date_time", "must be a UNIX time of 10 digits")

    def typed(self, kind: str, element: Json, where: str) -> None:
        if kind == "number_input" and not isinstance(element.get("is_decimal_allowed"), bool):
            self.fail(f"{where}/is_decimal_allowed", "missing required field: is_decimal_allowed")
        self.flag(element, "multiline", where)
        for name, least in (("min_length", 0), ("max_length", 1)):
            size = element.get(name)
            if size is not None and not (isinstance(size, int) and least <= size <= 3000):
                self.fail(f"{where}/{name}", f"must be a number from {least} to 3000")
        most, least_of_it = element.get("max_length"), element.get("min_length")
        if isinstance(most, int) and isinstance(least_of_it, int) and least_of_it > most:
            self.fail(f"{where}/min_length", "must not be more than max_length")
        if element.get("initial_value") is not None:
            limit = most if isinstance(most, int) else 3000
            self.string(element["initial_value"], f"{where}/initial_value", limit, least=0)

    def confirm(self, asked: Json, where: str) -> None:
        self.only(asked, {"title", "text", "confirm", "deny", "style"}, where)
        self.plain(asked.get("title"), f"{where}/title", 100)
        self.words(asked.get("text"), f"{where}/text", 300)
        self.plain(asked.get("confirm"), f"{where}/confirm", 30)
        self.plain(asked.get("deny"), f"{where}/deny", 30)
        if text(asked.get("style", "primary")) not in {"primary", "danger"}:
            self.fail(f"{where}/style", "must be one of: primary, danger")

    def plain(self, value: object, where: str, most: int) -> None:
        if isinstance(value, dict) and value.get("type") != "plain_text":
            self.fail(f"{where}/type", "must be plain_text")
        self.words(value, where, most)

    def words(self, value: object, where: str, most: int) -> None:
        if not isinstance(value, dict):
            self.fail(where, "missing required text object")
            return
        kind = text(value.get("type"))
        if kind not in {"plain_text", "mrkdwn"}:
            self.fail(f"{where}/type", "must be one of: plain_text, mrkdwn")
        self.only(value, {"type", "text", "emoji" if kind == "plain_text" else "verbatim"}, where)
        self.string(value.get("text"), f"{where}/text", most)

    def string(self, value: object, where: str, most: int | None, *, least: int = 1) -> None:
        if not isinstance(value, str):
            self.fail(where, "must provide a string")
        elif len(value) < least:
            self.fail(where, f"must be more than {least - 1} characters")
        elif most is not None and len(value) > most:
            self.fail(where, f"must be less than {most + 1} characters")

    def address(self, value: object, where: str) -> None:
        self.string(value, where, 3000)
        if not text(value).startswith(("https://", "http://")):
            self.fail(where, "must be a valid url")

    def filled(self, value: object, where: str, most: int | None) -> list[object]:
        found = items(value)
        if not found:
            self.fail(where, "must have at least 1 item")
        if most is not None and len(found) > most:
            self.fail(where, f"no more than {most} items allowed")
        return found

    def number(self, value: Json, name: str, where: str, least: int, most: int | None = None) -> None:
        given = value.get(name)
        fits = isinstance(given, int) and not isinstance(given, bool) and least <= given <= (most or given)
        if given is not None and not fits:
            self.fail(f"{where}/{name}", f"must be a number from {least}{'' if most is None else f' to {most}'}")

    def flag(self, value: Json, name: str, where: str) -> None:
        if name in value and not isinstance(value[name], bool):
            self.fail(f"{where}/{name}", "must be a boolean")

    def unique(self, value: object, where: str, seen: set[str], name: str) -> None:
        self.string(value, where, 255)
        if isinstance(value, str):
            if value in seen:
                self.fail(where, f"`{name}` {value} already exists")
            seen.add(value)

    def only(self, value: Json, allowed: set[str], where: str) -> None:
        for name in sorted(value.keys() - allowed):
            self.fail(where, f"invalid additional property: {name}")

    def fail(self, where: str, what: str) -> None:
        self.found.append(f"{what} [json-pointer:{where}]")


def _is_day(value: object) -> bool:
    if not (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
