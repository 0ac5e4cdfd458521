"""What Teams sends, as our events: commands among words, mentions, presses, forms, and who comes and goes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from adapters.teams.crowd import Wanted
from adapters.teams.inbound import Heard, heard
from adapters.teams.payloads import PROPOSE, About, Malformed, Pointed, carried, shaped
from adapters.teams.quoting import line_of
from bot.cards import Card, Form, Text, TextField
from bot.events import BACK, QUIETLY, Commanded, Edited, Joined, Left, Pressed, Removed, Said, Submitted
from bot.flows import vocabulary
from tests.support.teams_cloud import ANA, APP, TENANT, Cloud

CLOUD = Cloud()
BOT = {"type": "mention", "text": "<at>Beside</at>", "mentioned": {"id": f"28:{APP}", "name": "Beside"}}
BEN = {"type": "mention", "text": "<at>Ben Okafor</at>", "mentioned": {"id": "29:ben", "name": "Ben Okafor"}}
AAD = {"type": "mention", "text": "<at>Ben Okafor</at>", "mentioned": {"id": "29:ben", "aadObjectId": "aad-ben"}}
NAMELESS: dict[str, Any] = {"from": {"id": "29:ana"}}
CHANNEL = {"id": "19:x@thread.tacv2;messageid=1", "conversationType": "channel", "tenantId": TENANT}


def read(text: str | None = "hello", **more: Any) -> Heard | None:  # noqa: ANN401 - any field of an activity
    return heard(shaped(CLOUD.activity(text, **more)), vocabulary())


def event(text: str | None = "hello", **more: Any) -> Any:  # noqa: ANN401 - one of our events
    found = read(text, **more)
    assert found is not None
    return found.event


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("coteach @ana tue 10:15 45m launch", "coteach", "@ana tue 10:15 45m launch"),
        ("/coteach @ana tue 10:15", "coteach", "@ana tue 10:15"),
        ("  Coteach   ana tue 10:15  ", "coteach", "ana tue 10:15"),
        ("COTEACH", "coteach", ""),
        ("coteach ana\ntue 9am", "coteach", "ana\ntue 9am"),
        ("beside", "beside", ""),
        ("/beside", "beside", ""),
        ("Beside now", "beside", "now"),
        ("beside settings", "beside", "settings"),
        ("beside help.", "beside", "help."),
        ("beside stop", "beside", "stop"),
        ("/beside whatever that is", "beside", "whatever that is"),
    ],
)
def test_typed_commands_are_commands(text: str, command: str, rest: str) -> None:
    found = event(text)
    assert isinstance(found, Commanded)
    assert (found.command, found.text) == (command, rest)
    assert set(found.posts) == {"only_you", "replace", "open"}


@pytest.mark.parametrize(
    "text",
    [
        "Beside the window they sat and argued.", "beside nobody", "I will coteach on Tuesday", "coteaching was fine",
        "/ coteach", "help", "now", "besides", "beside,", "/nothing", "co teach",
    ],
)  # fmt: skip
def test_sentences_stay_sentences(text: str) -> None:
    found = event(text)
    assert isinstance(found, Said)
    assert found.text == text


def test_our_own_mention_is_no_word_and_others_keep_their_markup_and_bring_their_id() -> None:
    found = event("<at>Beside</at> coteach <at>Ben Okafor</at> tue 9am", entities=[BOT, BEN])
    assert (found.command, found.text) == ("coteach", '<at id="29:ben">Ben Okafor</at> tue 9am')
    assert event("coteach <at>Ben Okafor</at> tue 9am", entities=[AAD]).text.startswith('<at id="aad-ben">')
    assert event("coteach <at>Ben Okafor</at> tue 9am").text == "<at>Ben Okafor</at> tue 9am"
    assert event("<at>Beside</at>&nbsp;hello <at>Ben Okafor</at>", entities=[BOT, BEN]).text == "hello @Ben Okafor"
    odd: dict[str, Any] = BEN | {"mentioned": {"id": '29:"><at>'}}
    assert event("coteach <at>Ben Okafor</at> 9am", entities=[odd]).text == "<at>Ben Okafor</at> 9am"


def test_words_among_others_are_not_kept_and_a_command_there_needs_our_name() -> None:
    assert read("They argued about halves.", conversation=CHANNEL) is None
    assert read("<at>Beside</at> they argued", conversation=CHANNEL, entities=[BOT]) is None
    assert read("coteach ana tue 9am", conversation=CHANNEL) is None
    found = event("<at>Beside</at> coteach ana tue 9am", conversation=CHANNEL, entities=[BOT])
    assert isinstance(found, Commanded)
    assert found.by.channel == "", "an answer would be read by everybody"
    assert found.among
    among = read("<at>Beside</at> coteach ana tue 9am", conversation=CHANNEL, entities=[BOT])
    assert among is not None
    assert among.place == f"{CLOUD.service} {CHANNEL['id']}"
    alone = read("coteach ana tue 9am")
    assert alone is not None
    assert (alone.place, alone.event.among) == ("", False)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("help", "help"), ("Help", "Help"), ("setup here", "setup here"), ("SETUP  here", "SETUP here"),
        ("mine is better", None), ("helpful", None), ("they argued", None),
    ],
)  # fmt: skip
def test_our_name_in_front_of_a_word_is_a_command_among_others(text: str, rest: str | None) -> None:
    found = read(f"<at>Beside</at> {text}", conversation=CHANNEL, entities=[BOT])
    assert (found.event.text if found and isinstance(found.event, Commanded) else None) == rest
    alone = event(f"<at>Beside</at> {text}", entities=[BOT])
    assert isinstance(alone, Said), "in the private chat such words are heard as words"


def test_a_command_that_chooses_people_says_whom() -> None:
    def whom(text: str, *entities: object) -> Wanted:
        found = read(f"<at>Beside</at> {text}", conversation=CHANNEL, entities=[BOT, *entities])
        return found.wanted if found else Wanted()

    assert whom("setup here") == Wanted(here=True)
    assert whom("setup <at>Ben Okafor</at>", BEN) == Wanted(users=("29:ben",))
    assert whom("coteach <at>Ben Okafor</at> tue 9am", BEN) == Wanted()
    assert whom("help") == Wanted()


def test_says_who_it_was_and_where_they_are_reached() -> None:
    by = event().by
    assert (by.platform, by.team, by.user, by.name) == ("teams", TENANT, ANA, "Ana Ruiz")
    assert by.channel == f"{CLOUD.service} a:1-ana"
    assert (by.zone, by.locale) == ("America/Chicago", "en-US")
    assert event(**NAMELESS).by.user == "29:ana"
    client = [{"type": "clientInfo", "timezone": "Europe/London"}]
    assert event(localTimezone=None, entities=client).by.zone == "Europe/London"
    assert event(localTimezone="x\ny", locale="<b>").by.zone == ""


def test_the_key_is_the_activity_in_its_conversation() -> None:
    assert event().key == f"teams:{TENANT}:a:1-ana:1485983408511"
    assert event().key == event(text="hello, edited").key
    with pytest.raises(Malformed):
        read(id=None)


def test_keeps_the_words_as_they_were_said() -> None:
    words = "1 < 2 & *three*\n- [four](https://x.test) {{DATE(2026-01-01)}}"
    assert event(words).text == words
    assert event("a\0b").text == "ab"
    assert event("1 &lt; 2", textFormat="xml").text == "1 < 2"


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("image/*", True), ("image/png", True), ("video/mp4", True), ("reference", True),
        ("application/vnd.microsoft.teams.file.download.info", True),
        ("text/html", False), ("messageReference", False), ("application/vnd.microsoft.card.adaptive", False),
        (None, False),
    ],
)  # fmt: skip
def test_a_picture_or_a_file_is_told_from_what_else_comes_along(kind: str | None, files: bool) -> None:
    along = [{"contentType": kind, "contentUrl": "https://a.test/x"}, {"contentType": "text/html", "content": "<p>"}]
    words = event("Look", attachments=along)
    assert (words.text, words.files) == ("Look", files)
    alone = read(None, attachments=along)
    assert (alone is not None) is files
    if alone is not None:
        assert isinstance(alone.event, Said)
        assert alone.event.text == ""
    assert read(None, attachments=along, conversation=CHANNEL) is None


CARD = Card(blocks=(Text(("A",)),), thread="t1", version=3)
FORM = Form(
    verb="keep", title="T", fields=(TextField("words", "Words"),), submit="S", cancel="C", thread="t1", version=3
)


def acted(data: dict[str, Any], **more: Any) -> Heard:  # noqa: ANN401 - any field of an activity
    found = heard(shaped(CLOUD.invoke(data, **more)), vocabulary())
    assert found is not None
    return found


def test_a_press_brings_its_thread_version_and_inputs() -> None:
    found = acted(carried(About("t1", 3, "send", "slot"), "Send", CARD) | {"part": "menu", "odd": 5})
    pressed = found.event
    assert isinstance(pressed, Pressed)
    assert (pressed.thread, pressed.version, pressed.verb, pressed.value) == ("t1", 3, "send", "slot")
    assert pressed.inputs == {"part": "menu", "odd": ""}
    assert pressed.posts == ("only_you",)
    assert found.invoke
    assert found.act is not None
    assert (found.act.label, found.act.shown) == ("Send", CARD)


def test_a_form_comes_back_with_its_fields_and_itself() -> None:
    found = acted(carried(About("t1", 3, "keep", form=True), "S", FORM) | {"words": "a\0 step"})
    assert isinstance(found.event, Submitted)
    assert (found.event.fields, found.event.posts) == ({"words": "a step"}, ())
    assert found.act is not None
    assert found.act.shown == FORM


def test_an_older_client_sends_a_message_for_a_press() -> None:
    data = carried(About("t1", 3, "send"), "Send", None)
    found = read(None, value=data)
    assert found is not None
    assert isinstance(found.event, Pressed)
    assert not found.invoke
    assert set(found.event.posts) == {"only_you", "replace", "open"}


@pytest.mark.parametrize(
    "data", [{}, {"beside": 5}, {"beside": []}, {"beside": ["t", "x", "v"]}, {"beside": {"thread": "t"}}, {"other": 1}]
)
def test_what_is_not_ours_is_not_pressed(data: dict[str, Any]) -> None:
    assert heard(shaped(CLOUD.invoke(data)), vocabulary()) is None


def asked(name: str, value: object, **more: Any) -> Heard | None:  # noqa: ANN401 - any field of an activity
    return read(None, type="invoke", name=name, value=value, **more)


def pointed(content: str, who: str = "aad-ben") -> dict[str, Any]:
    wrote = {"user": {"id": who, "displayName": "Ben Okafor", "userIdentityType": "aadUser"}}
    return {
        "commandId": PROPOSE,
        "messagePayload": {"from": wrote, "body": {"contentType": "html", "content": content}},
    }


def test_a_message_that_was_pointed_at_is_a_line_of_its_writer_and_a_dialog() -> None:
    between = {"id": "19:a_b@unq.gbl.spaces", "conversationType": "personal", "tenantId": TENANT}
    found = asked("composeExtension/fetchTask", pointed("<p>Could you come tue 10:15?</p>"), conversation=between)
    assert found is not None
    event = found.event
    assert isinstance(event, Commanded)
    assert (event.command, event.text, event.quoted) == (
        "coteach",
        '<at id="aad-ben">@</at> Could you come tue 10:15?',
        True,
    )
    assert (found.invoke, found.dialog, event.posts) == (True, True, ())
    assert event.by.channel == "", "the chat of two people is not ours to write to"
    empty = asked("composeExtension/fetchTask", {"commandId": PROPOSE, "commandContext": "compose"})
    assert empty is not None
    assert isinstance(empty.event, Commanded)
    assert (empty.event.text, empty.event.quoted) == ("", False)
    assert asked("composeExtension/fetchTask", {"commandId": "else"}) is None


@pytest.mark.parametrize(
    ("content", "who", "line"),
    [
        ("<div>a<br>b</div><p>c&nbsp;d</p>", "x", '<at id="x">@</at> a b c d'),
        ('<at id="0">Sam</at> &lt;at id="evil"&gt;', "x", '<at id="x">@</at> Sam at id="evil"'),
        ("plain < words", 'a"b', "plain words"),
        ("", "", ""),
    ],
)
def test_nothing_in_a_message_that_was_pointed_at_is_markup(content: str, who: str, line: str) -> None:
    payload = {"from": {"user": {"id": who}} if who else None, "body": {"content": content} if content else None}
    assert line_of(msgspec.convert(payload, Pointed)) == line


def test_what_is_sent_in_a_dialog_is_a_press_or_a_form_and_closes_quietly() -> None:
    keep, back = carried(About("t1", 3, "keep", form=True), "S", FORM), carried(About("t1", 3, BACK), "C", None)
    for name in ("composeExtension/submitAction", "task/submit", "task/fetch"):
        found = asked(name, {"data": keep | {"words": "a step"}, "commandId": PROPOSE})
        assert found is not None
        assert isinstance(found.event, Submitted)
        assert (found.event.fields, found.dialog, found.event.by.channel) == ({"words": "a step"}, True, "")
        closed = asked(name, {"data": back})
        assert closed is not None
        assert isinstance(closed.event, Pressed)
        assert (closed.event.verb, closed.event.value) == (BACK, QUIETLY)
        assert asked(name, {"data": {"else": 1}}) is None
        assert asked(name, {}) is None
        with pytest.raises(Malformed):
            asked(name, 5)


def test_a_card_that_is_fetched_anew_by_the_client_was_not_pressed() -> None:
    data = carried(About("t1", 3, "send"), "Send", CARD)
    value = {"action": {"type": "Action.Execute", "verb": "beside", "data": data}, "trigger": "automatic"}
    assert asked("adaptiveCard/action", value) is None


def test_a_card_that_was_tampered_with_is_no_card() -> None:
    data = carried(About("t1", 3, "send"), "Send", None)
    for shown in (5, {"type": "card"}, {"type": "card", "blocks": [{"type": "else"}]}, {"type": "x"}):
        found = acted(data | {"shown": shown})
        assert found.act is not None
        assert found.act.shown is None


def test_who_comes_and_goes() -> None:
    added = {"type": "installationUpdate"}
    assert isinstance(event(None, **(added | {"action": "add"})), Joined)
    assert isinstance(event(None, **(added | {"action": "remove"})), Left)
    assert read(None, **(added | {"action": "else"})) is None
    for action in ("add", "remove"):  # in a team, which says nothing of whoever put it there
        assert read(None, **(added | {"action": action, "conversation": CHANNEL})) is None
    us, other = [{"id": f"28:{APP}"}], [{"id": "29:ben"}]
    assert isinstance(event(None, type="conversationUpdate", membersAdded=us), Joined)
    assert isinstance(event(None, type="conversationUpdate", membersRemoved=us), Left)
    assert read(None, type="conversationUpdate", membersAdded=other) is None
    assert read(None, type="conversationUpdate", membersAdded=us, conversation=CHANNEL) is None


def test_events_are_json_both_ways() -> None:
    for one in (event(), event("coteach ana"), acted(carried(About("t", 1, "v"), "l", None)).event):
        assert msgspec.json.decode(msgspec.json.encode(one), type=type(one)) == one


def test_a_message_is_known_by_its_id_when_it_is_changed_and_when_it_is_deleted() -> None:
    said = event("They drew it.", id="7")
    assert isinstance(said, Said)
    changed = event("They drew it twice.", id="7", type="messageUpdate", timestamp="2026-10-13T09:00:00Z")
    again = event("They drew it twice.", id="7", type="messageUpdate", timestamp="2026-10-13T09:05:00Z")
    removed = event(None, id="7", type="messageDelete")
    assert isinstance(changed, Edited)
    assert isinstance(removed, Removed)
    assert changed.text == "They drew it twice."
    assert said.message == changed.message == removed.message != ""
    assert len({said.key, changed.key, again.key, removed.key}) == 4
    us = {"from": {"id": f"28:{APP}"}}
    assert read("Ours, revised", id="8", type="messageUpdate", **us) is None
    assert read("Among others", id="9", type="messageUpdate", conversation=CHANNEL) is None
