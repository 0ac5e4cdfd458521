"""Block Kit's rules: what Slack shows, and what it refuses and where."""

import pytest

from tests.fakes.slack import screen
from tests.fakes.slack.blocks import Surface, message_problems, problems, text_in_all, view_problems
from tests.fakes.slack.shapes import Json

OPTION: Json = {"text": {"type": "plain_text", "text": "Tuesday"}, "value": "tue"}


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def section(words: str, **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def button(words: str = "Send", **more: object) -> Json:
    return {"type": "button", "text": plain(words), **more}


def actions(*elements: Json, **more: object) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def ask(element: Json, **more: object) -> Json:
    return {"type": "input", "label": plain("When?"), "element": element, **more}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"option {number}"), "value": str(number)} for number in range(count)]


def rich(*parts: Json, kind: str = "rich_text_section") -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(parts)}]}


def modal(*blocks: Json, **more: object) -> Json:
    return {"type": "modal", "title": plain("A slot"), "blocks": list(blocks), **more}


CONFIRM: Json = {"title": plain("Sure?"), "text": plain("It is sent."), "confirm": plain("Yes"), "deny": plain("No")}

FOCUS: Json = {"type": "plain_text", "text": "Focus"}
MARKED: Json = {"type": "mrkdwn", "text": "x"}
FILM: Json = {
    "type": "video", "title": plain("A lesson"), "alt_text": "a lesson", "video_url": "https://a.test/v",
    "thumbnail_url": "https://a.test/t.png",
}  # fmt: skip
POINT: Json = {"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}

SHOWN: list[tuple[str, Surface, Json]] = [
    ("longest section", "message", section("x" * 3000)),
    ("fields only", "message", {"type": "section", "fields": [plain("x" * 2000)] * 10}),
    ("section with a button", "message", section("hello", accessory=button(action_id="a"))),
    ("longest header", "message", {"type": "header", "text": plain("x" * 150)}),
    ("divider", "message", {"type": "divider"}),
    ("25 buttons", "message", actions(*(button(action_id=str(number)) for number in range(25)))),
    ("button with everything", "message", actions(button("x" * 75, value="x" * 2000, style="danger", confirm=CONFIRM))),
    ("link button", "message", actions(button(url="https://example.org/", action_id="x" * 255))),
    ("ten radio buttons", "message", actions({"type": "radio_buttons", "options": options(10)})),
    (
        "radio buttons in mrkdwn",
        "message",
        actions({"type": "radio_buttons", "options": [{"text": {"type": "mrkdwn", "text": "*a*"}, "value": "a"}]}),
    ),
    ("initial radio", "message", actions({"type": "radio_buttons", "options": [OPTION], "initial_option": OPTION})),
    ("hundred in a select", "modal", ask({"type": "static_select", "options": options(100)})),
    (
        "grouped select",
        "modal",
        ask({"type": "static_select", "option_groups": [{"label": plain("Days"), "options": [OPTION]}]}),
    ),
    ("ten in context", "message", {"type": "context", "elements": [plain("seen")] * 10}),
    ("input in a message", "message", ask({"type": "plain_text_input", "action_id": "a"})),
    ("text field", "modal", ask({"type": "plain_text_input", "multiline": True, "max_length": 3000, "min_length": 1})),
    ("date", "modal", ask({"type": "datepicker", "initial_date": "2026-09-22", "placeholder": plain("Pick a day")})),
    ("time", "modal", ask({"type": "timepicker", "initial_time": "10:15", "timezone": "Europe/Berlin"})),
    ("number", "modal", ask({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"})),
    ("words of a person", "message", rich({"type": "text", "text": "<!channel> *as* said", "style": {"italic": True}})),
    (
        "list",
        "message",
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [POINT]}],
        },
    ),
    ("quote", "home", rich({"type": "text", "text": "as said"}, kind="rich_text_quote")),
    ("markdown", "message", {"type": "markdown", "text": "**bold**"}),
    ("image", "message", {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a tree"}),
    ("several people", "modal", ask({"type": "multi_users_select", "max_selected_items": 3})),
    ("from elsewhere", "modal", ask({"type": "external_select", "min_query_length": 0})),
    ("a file", "modal", ask({"type": "file_input", "max_files": 10, "filetypes": ["csv"]})),
    ("rich words", "modal", ask({"type": "rich_text_input", "placeholder": plain("…")})),
    ("a workflow", "message", actions({"type": "workflow_button", "text": plain("Go"), "workflow": {}})),
    ("a film", "message", FILM),
]  # fmt: skip

REFUSED: list[tuple[str, Surface, Json, str]] = [
    ("unknown block", "message", {"type": "carousel9"}, "unsupported type: carousel9 [json-pointer:/blocks/0/type]"),
    ("no type", "message", {}, "/blocks/0/type"),
    ("section too long", "message", section("x" * 3001), "than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ("section empty", "message", section(""), "more than 0 characters"),
    ("section of nothing", "message", {"type": "section"}, "must provide text or fields"),
    ("eleven fields", "message", {"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items"),
    ("field too long", "message", {"type": "section", "fields": [plain("x" * 2001)]}, "/blocks/0/fields/0/text"),
    ("text as a string", "message", {"type": "section", "text": "hello"}, "missing required text object"),
    ("unknown property", "message", section("x", color="red"), "invalid additional property: color"),
    ("emoji in mrkdwn", "message", {"type": "section", "text": {**MARKED, "emoji": True}}, "emoji"),
    ("header too long", "message", {"type": "header", "text": plain("x" * 151)}, "less than 151"),
    ("header in mrkdwn", "message", {"type": "header", "text": MARKED}, "must be plain_text"),
    ("block id too long", "message", {"type": "divider", "block_id": "x" * 256}, "less than 256"),
    ("26 buttons", "message", actions(*(button(action_id=str(number)) for number in range(26))), "no more than 25"),
    ("no buttons", "message", actions(), "at least 1 item"),
    ("button text too long", "message", actions(button("x" * 76)), "less than 76"),
    ("button in mrkdwn", "message", actions({"type": "button", "text": MARKED}), "plain_text"),
    ("value too long", "message", actions(button(value="x" * 2001)), "less than 2001"),
    ("value not a string", "message", actions(button(value=7)), "must provide a string"),
    ("action id too long", "message", actions(button(action_id="x" * 256)), "less than 256"),
    ("action id twice", "message", actions(button(action_id="a"), button(action_id="a")), "a already exists"),
    ("style", "message", actions(button(style="default")), "one of: primary, danger"),
    ("javascript address", "message", actions(button(url="javascript:alert(1)")), "valid url"),
    ("confirm without deny", "message", actions(button(confirm={**CONFIRM, "deny": None})), "/confirm/deny"),
    ("confirm title", "message", actions(button(confirm={**CONFIRM, "title": plain("x" * 101)})), "less than 101"),
    ("eleven radio buttons", "message", actions({"type": "radio_buttons", "options": options(11)}), "no more than 10"),
    ("no options", "modal", ask({"type": "static_select", "options": []}), "at least 1 item"),
    ("101 options", "modal", ask({"type": "static_select", "options": options(101)}), "no more than 100"),
    ("option text", "modal", ask({"type": "static_select", "options": [{**OPTION, "text": plain("x" * 76)}]}), "76"),
    ("option value", "modal", ask({"type": "static_select", "options": [{**OPTION, "value": "x" * 151}]}), "than 151"),
    (
        "mrkdwn in a select",
        "modal",
        ask({"type": "static_select", "options": [{"text": {"type": "mrkdwn", "text": "x"}, "value": "x"}]}),
        "must be plain_text",
    ),
    (
        "initial option of another list",
        "message",
        actions({"type": "radio_buttons", "options": options(2), "initial_option": OPTION}),
        "must match one of the options",
    ),
    ("text field in actions", "message", actions({"type": "plain_text_input"}), "unsupported type: plain_text_input"),
    ("button in an input", "modal", ask(button()), "unsupported type: button"),
    ("unknown element", "message", actions({"type": "slider"}), "unsupported type: slider"),
    ("label too long", "modal", ask({"type": "datepicker"}, label=plain("x" * 2001)), "less than 2001"),
    ("placeholder", "modal", ask({"type": "datepicker", "placeholder": plain("x" * 151)}), "less than 151"),
    ("date", "modal", ask({"type": "datepicker", "initial_date": "2026-02-30"}), "YYYY-MM-DD"),
    ("date in words", "modal", ask({"type": "datepicker", "initial_date": "22 September"}), "YYYY-MM-DD"),
    ("time", "modal", ask({"type": "timepicker", "initial_time": "24:00"}), "HH:mm"),
    ("length", "modal", ask({"type": "plain_text_input", "max_length": 3001}), "from 1 to 3000"),
    ("initial value", "modal", ask({"type": "plain_text_input", "max_length": 3, "initial_value": "four"}), "than 4"),
    ("eleven in context", "message", {"type": "context", "elements": [plain("x")] * 11}, "no more than 10"),
    ("button in context", "message", {"type": "context", "elements": [button()]}, "one of: plain_text, mrkdwn"),
    ("empty rich text", "message", rich({"type": "text", "text": ""}), "more than 0 characters"),
    ("unknown rich text", "message", rich({"type": "script"}), "unsupported type: script"),
    ("markdown in a modal", "modal", {"type": "markdown", "text": "x"}, "unsupported type: markdown"),
    ("nobody at most", "modal", ask({"type": "multi_users_select", "max_selected_items": 0}), "from 1"),
    ("eleven files", "modal", ask({"type": "file_input", "max_files": 11}), "from 1 to 10"),
    ("a file in actions", "message", actions({"type": "file_input"}), "unsupported type: file_input"),
    ("longer at least", "modal", ask({"type": "plain_text_input", "min_length": 5, "max_length": 4}), "max_length"),
    ("a film without words", "message", {**FILM, "alt_text": ""}, "/alt_text"),
    ("a long film", "message", {**FILM, "title": plain("x" * 200)}, "less than 200"),
    ("image without words", "message", {"type": "image", "image_url": "https://example.org/a.png"}, "/alt_text"),
]  # fmt: skip


@pytest.mark.parametrize(("surface", "block"), [case[1:] for case in SHOWN], ids=[case[0] for case in SHOWN])
def test_shows_what_slack_shows(surface: Surface, block: Json) -> None:
    assert problems([block], surface) == []


@pytest.mark.parametrize(
    ("surface", "block", "what"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_refuses_what_slack_refuses_and_says_where(surface: Surface, block: Json, what: str) -> None:
    assert any(what in one for one in problems([block], surface)), problems([block], surface)


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_counts_blocks(surface: Surface, most: int) -> None:
    assert problems([{"type": "divider"}] * most, surface) == []
    assert problems([{"type": "divider"}] * (most + 1), surface) == [
        f"no more than {most} items allowed [json-pointer:/blocks]"
    ]


def test_wants_ids_to_be_unique() -> None:
    same = [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]
    apart = [actions(button(action_id="a")), actions(button(action_id="a"))]
    assert problems(same, "modal") == ["`block_id` a already exists [json-pointer:/blocks/1/block_id]"]
    assert problems(apart, "modal") == []
    assert len(problems(apart, "message")) == 1


@pytest.mark.parametrize("junk", [None, 7, "section", [], [[]], {"type": ["section"]}])
def test_does_not_stumble_over_junk(junk: object) -> None:
    assert problems([junk], "message")
    assert view_problems({"type": "modal", "title": junk, "blocks": [junk], "callback_id": [1]})


def test_wants_text_beside_blocks() -> None:
    assert message_problems("", [section("x")]) == ["must provide text beside blocks [json-pointer:/text]"]
    assert message_problems("x", [section("x")]) == []
    assert message_problems("x", []) == []


VIEWS: list[tuple[str, Json, str]] = [
    ("title too long", modal(title=plain("x" * 25)), "less than 25 characters [json-pointer:/view/title/text]"),
    ("title in mrkdwn", modal(title=MARKED), "/view/title/type"),
    ("no title", {"type": "modal", "blocks": []}, "/view/title"),
    ("submit too long", modal(submit=plain("x" * 25)), "/view/submit/text"),
    ("close too long", modal(close=plain("x" * 25)), "/view/close/text"),
    ("inputs but no submit", modal(ask({"type": "datepicker"})), "missing required field: submit"),
    ("private metadata", modal(private_metadata="x" * 3001), "less than 3001"),
    ("callback id", modal(callback_id="x" * 256), "less than 256"),
    ("no blocks", {"type": "modal", "title": plain("x")}, "/view/blocks"),
    ("unknown type", {"type": "dialog", "blocks": []}, "unsupported type: dialog"),
    ("home with a title", {"type": "home", "title": plain("x"), "blocks": []}, "a home tab has no title"),
    ("two in focus", modal(*[ask({"type": "datepicker", "focus_on_load": True})] * 2), "only one element"),
]


@pytest.mark.parametrize(("view", "what"), [case[1:] for case in VIEWS], ids=[case[0] for case in VIEWS])
def test_refuses_a_view_slack_refuses(view: Json, what: str) -> None:
    assert any(what in one for one in view_problems(view)), view_problems(view)


def test_shows_a_whole_form() -> None:
    form = modal(
        section("Extra eyes and ears."),
        ask({"type": "datepicker", "action_id": "value"}, block_id="day"),
        ask({"type": "plain_text_input", "action_id": "value"}, block_id="focus", optional=True),
        title=plain("x" * 24), submit=plain("Send"), close=plain("Not now"), callback_id="x" * 255,
        private_metadata="x" * 3000, notify_on_close=True,
    )  # fmt: skip
    assert view_problems(form) == []
    assert view_problems({"type": "home", "blocks": [section("Your week")]}) == []


def test_adds_up_all_text() -> None:
    assert text_in_all([section("abc"), actions(button("de")), rich({"type": "text", "text": "f"})]) == 6


def test_reads_a_screen_from_top_to_bottom() -> None:
    blocks = [
        {"type": "header", "text": plain("A slot")},
        section("Tuesday", accessory=button("Change")),
        rich({"type": "text", "text": "“as said"}, {"type": "text", "text": "”"}),
        actions({"type": "radio_buttons", "action_id": "r", "options": [OPTION]}, button("Send", action_id="s")),
    ]
    assert screen.words(blocks).split("\n") == ["A slot", "Tuesday", "[Change]", "“as said”", "( ) Tuesday", "[Send]"]
    assert screen.buttons(blocks) == ["Change", "Send"]


def test_holds_what_was_filled_in() -> None:
    blocks = screen.with_ids(
        [
            ask({"type": "datepicker", "action_id": "v", "initial_date": "2026-09-22"}, block_id="day"),
            ask({"type": "plain_text_input", "action_id": "v", "max_length": 5}, block_id="focus", label=FOCUS),
            actions({"type": "radio_buttons", "action_id": "r", "options": [OPTION, *options(2)]}, block_id="b"),
        ],
        "x",
    )  # fmt: skip
    draft: screen.Draft = {}
    with pytest.raises(screen.HeldBack, match="'Focus' is required"):
        screen.hold_back(blocks, draft)
    screen.fill(blocks, draft, {"Focus": "wait time", "r": "Tuesday"})
    with pytest.raises(screen.HeldBack, match="0 to 5 characters"):
        screen.hold_back(blocks, draft)
    screen.fill(blocks, draft, {"focus": "wait"})
    screen.hold_back(blocks, draft)
    assert screen.state_values(blocks, draft) == {
        "day": {"v": {"type": "datepicker", "selected_date": "2026-09-22"}},
        "focus": {"v": {"type": "plain_text_input", "value": "wait"}},
        "b": {"r": {"type": "radio_buttons", "selected_option": OPTION}},
    }
    with pytest.raises(screen.NotOnScreen, match="has no 'Friday'"):
        screen.fill(blocks, draft, {"r": "Friday"})
