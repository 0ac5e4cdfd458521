"""Cards and forms as Adaptive Cards: within Teams' limits, whole, and without a living sign from anybody's words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.answer import response, settle
from adapters.teams.forms import corrected, form_content
from adapters.teams.payloads import About, Act, act_of, carried
from adapters.teams.render import MOST, content, contents, envelope, size
from adapters.teams.words import clean, inert, untagged
from bot.cards import (
    NOTHING,
    Block,
    Button,
    Buttons,
    Card,
    Choices,
    Contact,
    DateField,
    Details,
    Exact,
    Fact,
    Form,
    Heading,
    Label,
    Nothing,
    OnlyYou,
    Open,
    Option,
    People,
    PickField,
    Quote,
    Replace,
    Seen,
    Text,
    TextField,
    TimeField,
    Wrong,
    plain,
)
from bot.events import BACK
from bot.records import Own
from bot.visible import pieces

SIGNS = [
    "**loud**", "_slanted_", "[click](https://x.test)", "![see](https://x.test/a.png)", "<at>Ana</at>", "`code`",
    "<b>bold</b>", "# big", "- item", "1. item", "> quoted", "{{DATE(2026-01-01T00:00:00Z)}}", "{{7*191}}",
    "https://x.test", "www.x.test", "<script>alert(1)</script>", "\\*", "&lt;b&gt;", "~~gone~~", "| a | b |",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(SIGNS), st.text(max_size=60), st.lists(st.sampled_from(SIGNS)).map(" ".join))
PRESS = Button("send", "Send to Ana", "confirm", "slot-1")
WHOLE = Card(
    blocks=(
        Heading("Tuesday"),
        Text(("You wrote: ", Own("Ask *them*.", "ana"), " So.")),
        Label("Your step"),
        Quote(Own("Line one\nline two", "ana")),
        Exact((Own("exactly this", "ana"),), "Ana, Tuesday"),
        Details((Fact("Day", "Tuesday", was="Monday"), Fact("Focus", Own("halves", "sam"), soft=True))),
        People((Contact("Safeguarding", "+1 555 0100"),)),
        Choices("part", "Which part?", (Option("launch", "Launch"), Option("menu", "Menu")), "menu"),
        Buttons((PRESS, Button("change", "Change"), Button("", "Calendar", url="https://beside.test/a.ics"))),
        Seen("You and Sam", 2),
    ),
    title="Booked", framed=True, thread="t1", version=4,
)  # fmt: skip
FORM = Form(
    verb="offer", title="Offer a time", intro="For Ana.", submit="Send", cancel="Leave it", thread="t1", version=4,
    notes={"day": "That time is behind us.", "": "Nearly."},
    fields=(
        TextField("focus", "Listen to", Own("halves", "sam"), optional=True, long=True, hint="Left empty, Ana chooses"),
        DateField("day", "Day", "2026-09-22"), TimeField("time", "Time", "10:15"),
        PickField("part", "Part", (Option("launch", "Launch"), Option("menu", "Menu")), "menu"),
        PickField("other", "Who", (Option("ana", "Ana"),), "nobody", many=True, optional=True),
    ),
)  # fmt: skip


def nodes(tree: object) -> Iterator[dict[str, Any]]:
    match tree:
        case dict():
            yield tree
            for name, inner in tree.items():
                yield from nodes(inner) if name not in ("data", "fallback") else ()
        case list():
            for inner in tree:
                yield from nodes(inner)
        case _:
            pass


def shown(tree: dict[str, Any]) -> str:
    """What stands on the screen, line by line, in order."""
    lines = []
    for node in nodes(tree["body"]):
        match node:
            case {"type": "RichTextBlock", "inlines": runs}:
                lines.append("".join(run["text"] for run in runs))
            case {"type": "TextBlock", "text": text}:
                lines.append(re.sub(r"\\(.)", r"\1", text))
            case {"type": "Input.ChoiceSet", "label": label, "choices": choices}:
                lines.append(f"{label}: " + ", ".join(one["title"] for one in choices))
            case {"type": str(kind), "title": title} if kind.startswith("Action."):
                lines.append(title)
    return "\n".join(lines)


def actions(tree: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in nodes(tree["body"]) if str(node.get("type", "")).startswith("Action.")]


def test_every_block_is_drawn_and_nothing_of_it_is_left_out() -> None:
    drawn = content(WHOLE)
    told = shown(drawn)
    wanted = ["Tuesday", "You wrote: “Ask *them*.” So.", "Your step", "“Line one\nline two”", "“exactly this”",
              "Ana, Tuesday", "Day: Tuesday (Monday)", "Focus: “halves”", "Safeguarding: +1 555 0100",
              "Which part?: Launch, Menu", "Send to Ana", "Change", "Calendar", "You and Sam"]  # fmt: skip
    at = -1
    for one in wanted:
        assert (at := told.find(one, at + 1)) >= 0, (one, told)
    assert (drawn["type"], drawn["version"]) == ("AdaptiveCard", "1.5")
    assert drawn["fallbackText"] == inert(plain(WHOLE))
    assert drawn["speak"].startswith("Booked\nTuesday\n")
    around = envelope(WHOLE, drawn)
    assert around["summary"] == plain(WHOLE)
    assert around["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"


def test_buttons_execute_and_fall_back_to_submit_with_the_same_data() -> None:
    send, change, link = actions(content(WHOLE))
    assert (send["type"], send["style"], send["fallback"]["type"]) == ("Action.Execute", "positive", "Action.Submit")
    assert send["data"] == send["fallback"]["data"]
    assert "style" not in change, "answers are all alike"
    assert (link["type"], link["url"]) == ("Action.OpenUrl", "https://beside.test/a.ics")
    act = act_of(json.loads(json.dumps(send["data"])) | {"part": "menu"})
    assert act is not None
    assert (act.about, act.label) == (About("t1", 4, "send", "slot-1"), "Send to Ana")
    assert (act.inputs, isinstance(act.shown, Card) and plain(act.shown)) == ({"part": "menu"}, plain(WHOLE))
    assert '"ana"' not in json.dumps(send["data"]), "whose words they are is not told"


def test_teams_shows_six_actions_in_a_row_so_there_are_no_more() -> None:
    many = Card(blocks=(Buttons(tuple(Button(f"v{n}", f"Answer {n}") for n in range(14))),))
    sets = [node for node in nodes(content(many)["body"]) if node.get("type") == "ActionSet"]
    assert [len(one["actions"]) for one in sets] == [6, 6, 2]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://x.test/ y", "file:///x", "//x.test"]
)
def test_a_link_that_is_none_is_only_words(url: str) -> None:
    drawn = content(Card(blocks=(Buttons((Button("", "Look", url=url),)),)))
    assert actions(drawn) == []
    assert shown(drawn) == "Look"


def test_a_grave_card_stands_in_a_frame_and_is_not_red() -> None:
    drawn = content(Card(blocks=(Text(("A",)),), grave=True))
    assert drawn["body"][0]["style"] == "emphasis"
    assert not re.search("attention|warning|good", json.dumps(content(WHOLE)) + json.dumps(drawn))


@pytest.mark.req("SAY-2", "SAY-4", "SAY-6")
@given(TEXTS)
@settings(max_examples=400)
def test_nobodys_words_are_markup_anywhere(text: str) -> None:
    own = Own(text, "ana")
    card = Card(
        blocks=(Text((own, text)), Quote(own), Exact((own,)), Details((Fact("A", own),)), Heading(text or "x")),
        thread="t",
    )
    drawn = envelope(card, content(card))
    for node in nodes(drawn):
        match node:
            case {"type": "TextBlock", "text": str(said)}:
                assert lifeless(said), said
            case {"fallbackText": str(said)}:
                assert lifeless(said), said
            case {"type": "TextRun", "text": str(said)}:
                assert "\n" not in said
                assert not re.search(r"\{\{\s*(?:DATE|TIME)\s*\(", said, re.IGNORECASE)
            case _:
                pass
    assert not re.search("<[A-Za-z/!?]", drawn["summary"])
    everything = json.dumps(drawn, ensure_ascii=False)
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066\u2067\ud800-\udfff]", everything)
    assert everything.count("\u2068") == everything.count("\u2069")


def lifeless(said: str) -> bool:
    """No Markdown sign without its backslash, no tag, no address that becomes a link by itself."""
    bare = re.sub(r"\\[\\`*_{}\[\]()#+\-.!|~>]", "", said)
    return not re.search(r"[\\`*_{}\[\]()#+\-.!|~><]", bare) and not re.search(r"(?<!\u200b)\b(?:https?:|www)", bare)


def test_words_from_right_to_left_turn_nothing_around_them() -> None:
    text = Text(("You wrote ", Own("שלום 3", "ana"), " at 10:15."))
    runs = [node["text"] for node in nodes(content(Card(blocks=(text,)))) if node.get("type") == "TextRun"]
    assert runs == ["You wrote “\u2068שלום 3\u2069” at 10:15."]


@pytest.mark.req("SAY-4")
def test_scripts_and_families_stay_whole() -> None:
    for text in ("👩‍👩‍👧 شكراً", "می‌خواهم", "שלום"):
        assert clean(text) == text
    assert clean("a\u202eb\u200bc\x07") == "abc"
    assert untagged("<at>x</at> 1 < 2") == "<\u200bat>x<\u200b/at> 1 < 2"


@pytest.mark.req("SAY-7")
@given(st.text(max_size=200), st.integers(1, 30))
def test_pieces_joined_are_the_whole(text: str, limit: int) -> None:
    parts = pieces(text, limit)
    assert "".join(parts) == text
    assert all(len(part) <= limit for part in parts)


@pytest.mark.req("SAY-7")
def test_too_much_for_one_message_is_split_and_never_cut() -> None:
    words = " ".join(f"word{n}" for n in range(9000))
    huge: tuple[Block, ...] = (Text((words,)), Quote(Own(words, "ana")), Exact((Own(words, "ana"),), "Ana"))
    card = Card(blocks=(*huge, Details((Fact("A", Own(words, "ana")),)), Buttons((PRESS,))), thread="t1", version=4)
    drawn = contents(card)
    assert len(drawn) > 1
    assert all(size(one) <= MOST for one in drawn)
    assert [bool(actions(one)) for one in drawn] == [False] * (len(drawn) - 1) + [True]
    told = re.sub(r"[“”]|A: ", "", "\n".join(map(shown, drawn))).split()
    assert told.count("word8999") == 4
    assert [one for one in told if one.startswith("word")] == words.split() * 4


def test_a_card_travels_in_its_buttons_only_while_it_is_small() -> None:
    small, large = content(WHOLE), content(Card(blocks=(Text(("x " * 9000,)), Buttons((PRESS,)))))
    assert "shown" in actions(small)[0]["data"]
    assert "shown" not in actions(large)[0]["data"]


# ── Forms ──


def test_a_form_is_a_card_with_inputs_that_stand_where_they_stood() -> None:
    drawn = form_content(FORM)
    inputs = {node["id"]: node for node in nodes(drawn["body"]) if str(node.get("type")).startswith("Input.")}
    kinds = {name: node["type"].removeprefix("Input.") for name, node in inputs.items()}
    assert kinds == {"focus": "Text", "day": "Date", "time": "Time", "part": "ChoiceSet", "other": "ChoiceSet"}
    assert {name: node.get("value") for name, node in inputs.items()} == {
        "focus": "halves", "day": "2026-09-22", "time": "10:15", "part": "menu", "other": None,
    }  # fmt: skip
    assert all(node["label"] for node in inputs.values())
    assert [name for name, node in inputs.items() if node.get("isRequired")] == ["day", "time", "part"]
    assert all(node.get("errorMessage") for node in inputs.values() if node.get("isRequired"))
    assert (inputs["focus"]["isMultiline"], inputs["other"]["style"]) == (True, "compact")
    told = shown(drawn)
    assert [one for one in ("Offer a time", "For Ana.", "That time is behind us.", "Nearly.") if one not in told] == []
    send, back = actions(drawn)
    sent = act_of(send["data"])
    assert sent is not None
    assert (sent.about, sent.label) == (About("t1", 4, "offer", form=True), "Send")
    assert isinstance(sent.shown, Form)
    assert plain(sent.shown) == plain(FORM)
    assert act_of(back["data"]) == Act(About("t1", 4, BACK), "Leave it", {}, None)
    assert back["associatedInputs"] == "none"


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays() -> None:
    typed = {"focus": "quarters", "day": "2020-01-01", "part": "launch"}
    form = corrected(FORM, typed, {"day": "That time is behind us. Which day instead?"})
    assert {field.name: field.value for field in form.fields} == {
        "focus": "quarters", "day": "2020-01-01", "time": "10:15", "part": "launch", "other": "nobody",
    }  # fmt: skip
    assert form.notes == {"day": "That time is behind us. Which day instead?"}


# ── Answers ──

PRESSED = Act(About("t1", 4, "send"), "Send to Ana", {}, WHOLE)
SUBMITTED = Act(About("t1", 4, "offer", form=True), "Send", {"day": "2020-01-01"}, FORM)


def test_answers_go_into_the_response() -> None:
    new = Card(blocks=(Text(("Sent.",)),), thread="t1", version=5)
    for act in (PRESSED, SUBMITTED):
        told = response(Replace(new), act)
        assert (told["statusCode"], told["value"]) == (200, content(new))
        assert response(Open(FORM), act)["value"] == form_content(FORM)
    assert response(OnlyYou(new), SUBMITTED)["value"] == content(new)
    assert response(OnlyYou(new), PRESSED)["value"] == "Sent."
    wrong = response(Wrong({"day": "Behind us."}), SUBMITTED)
    assert "Behind us." in shown(wrong["value"])
    assert response(Nothing(stays=True), PRESSED)["value"] == content(WHOLE)
    assert response(Nothing(stays=True), Act(About("t", 1, "v"), "Yes"))["value"] == "Yes"
    assert response(Wrong({"day": "x"}), PRESSED)["value"] == "Send to Ana"


def test_a_card_larger_than_any_that_went_out_is_not_read_and_what_was_pressed_is() -> None:
    for blocks, there in ((WHOLE.blocks, True), (WHOLE.blocks * 200, False)):
        act = act_of(carried(About("t1", 4, "send"), "Send to Ana", Card(blocks=blocks)))
        assert act is not None
        assert (act.about.verb, act.label) == ("send", "Send to Ana")
        assert (act.shown is not None) is there


def test_a_pressed_card_stays_with_what_was_chosen_in_place_of_its_buttons() -> None:
    settled = settle(PRESSED)
    assert settled is not None
    told = shown(response(NOTHING, PRESSED)["value"])
    assert "Send to Ana" in told.splitlines()
    assert "Change" not in told
    assert "Which part?" not in told
    assert told.index("Safeguarding") < told.index("Send to Ana") < told.index("Calendar") < told.index("You and Sam")
    assert response(NOTHING, Act(About("t", 1, "v"), ""))["value"] == "…"
    assert shown(response(NOTHING, SUBMITTED)["value"]) == "Offer a time\nSend"
