"""Cards and forms as Block Kit: within Slack's limits, whole, and without a living sign from anybody's words."""

import html
import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.slack.crowd import of_command
from adapters.slack.forms import errors, view
from adapters.slack.payloads import Way
from adapters.slack.render import message, twin
from adapters.slack.sheets import home, sheet
from adapters.slack.words import inert, said, short
from bot.cards import (
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
    Option,
    People,
    PickField,
    Quote,
    Seen,
    Text,
    TextField,
    TimeField,
    plain,
)
from bot.records import Own
from bot.visible import clean, pieces
from tests.fakes.slack.blocks import message_problems, view_problems
from tests.fakes.slack.screen import words as shown_words

ANA = "person-ana"
LONG = "What did the students notice about the number line today? " * 60
HUGE = "a word and another " * 1500
SIGNS = [
    "<!channel>",
    "<!here>",
    "<@U0ANA>",
    "<!subteam^S1>",
    "<https://x.test|click>",
    "*loud*",
    "_slanted_",
    "~gone~",
]
SIGNS += ["`code`", "```block```", "> quoted", "&gt; quoted", "&lt;!channel&gt;", "&amp;lt;!here&amp;gt;", "\n>>> all"]


def own(text: str) -> Own:
    return Own(text, ANA)


def card(*blocks: Block) -> Card:
    return Card(blocks=blocks, thread="0f4c2f7e-7a52-5b7e-9d3e-2f5f5f5f5f5f", version=3)


def blocks_of(words: str) -> list[Block]:
    return [
        Text((words,)),
        Text(("Last time you wrote: ", own(words), " How did it go?")),
        Label(words),
        Heading(words),
        Quote(own(words)),
        Exact((own(words), own("second")), words),
        Details((Fact("Day", words), Fact("To listen to", own(words)), Fact("Time", "11:00", was=words, soft=True))),
        People((Contact(words, "555-0100"), Contact("Support", words))),
        Choices("part", words, (Option("launch", "Launch"), Option("menu", words[:300])), "launch"),
        Buttons(
            (
                Button("keep", words, "confirm"),
                Button("drop", "Drop", "quiet"),
                Button("more", "More", url="https://b.test/"),
            )
        ),
        Seen(words, 2),
    ]


def runs(node: object) -> Iterator[str]:
    """The text of every rich text element."""
    match node:
        case {"type": "text", "text": str(text)}:
            yield text
        case dict():
            for value in node.values():
                yield from runs(value)
        case list():
            for value in node:
                yield from runs(value)
        case _:
            return


def text_objects(node: object) -> Iterator[str]:
    match node:
        case {"type": "plain_text" | "mrkdwn" as kind}:
            yield str(kind)
        case dict():
            for value in node.values():
                yield from text_objects(value)
        case list():
            for value in node:
                yield from text_objects(value)
        case _:
            return


def living(mrkdwn: str) -> list[str]:
    """What Slack would make of a string: tokens, formatting and quotations, found the way its own rules say."""
    found = re.findall(r"<[^>]*>", mrkdwn)
    for sign in ("*", "_", "~", "`"):
        found += re.findall(rf"(?<!\w){re.escape(sign)}(?=\S)[^\n]*?(?<=[^\s\u200b]){re.escape(sign)}(?!\w)", mrkdwn)
    return found + re.findall(r"(?m)^\s*(?:>|&gt;)", mrkdwn)


def test_the_signs_of_these_tests_are_alive_where_nothing_is_done_about_them() -> None:
    assert [sign for sign in SIGNS if not living(sign) and not sign.startswith("&")] == []


@pytest.mark.parametrize("words", ["Tuesday", LONG, "x" * 4000, "🧮" * 900, "a\n\nb\r\nc", " ", "…", *SIGNS])
@pytest.mark.parametrize("number", range(len(blocks_of(""))))
def test_slack_takes_every_block(words: str, number: int) -> None:
    made = replace(card(blocks_of(words)[number]), title=words)
    shown = message(made)
    assert message_problems(shown["text"], shown["blocks"]) == []
    for view_of_it in (sheet(made), home(made)):
        assert view_problems(view_of_it) == []
        assert view_of_it["blocks"] == shown["blocks"]


@pytest.mark.parametrize("words", ["", "Tuesday", "a short line", HUGE, LONG])
def test_slack_takes_all_blocks_together(words: str) -> None:
    shown = message(card(*blocks_of(words), *blocks_of("again")[:8], Buttons((Button("x", "X", "confirm"),))))
    assert message_problems(shown["text"], shown["blocks"]) == []


def test_moves_paragraphs_together_where_there_are_more_than_a_message_holds() -> None:
    lines = [f"Paragraph {number}" for number in range(120)]
    shown = message(card(*(Text((line,)) for line in lines), Buttons((Button("ok", "OK"),))))
    assert message_problems(shown["text"], shown["blocks"]) == []
    assert [line for line in shown_words(shown["blocks"]).split("\n") if line] == [*lines, "[OK]"]


@pytest.mark.req("SAY-7")
@given(st.lists(st.text(alphabet=st.sampled_from("ab \n*<é🧮"), max_size=40), min_size=1, max_size=400))
@settings(max_examples=60)
def test_long_words_are_split_and_nothing_is_lost(parts: list[str]) -> None:
    words = "".join(parts)
    for limit in (7, 3000):
        cut = pieces(words, limit)
        assert "".join(cut) == words
        assert all(len(piece) <= limit for piece in cut)
    for block in (Quote(own(words)), Text((own(words),)), Exact((own(words),))):
        assert "".join(runs(message(card(block))["blocks"])) == f"“{clean(words)}”"


def test_cuts_after_a_word_and_not_within() -> None:
    assert pieces("one two three", 8) == ["one two ", "three"]
    assert pieces("onetwothree", 8) == ["onetwoth", "ree"]
    assert pieces("", 8) == [""]


def test_says_so_where_a_card_holds_more_than_any_message() -> None:
    shown = message(card(Quote(own(HUGE))))
    assert message_problems(shown["text"], shown["blocks"]) == []
    assert "".join(runs(shown["blocks"])).endswith("…”")


@pytest.mark.req("SAY-1")
@given(st.lists(st.one_of(st.sampled_from(SIGNS), st.text(max_size=12)), max_size=8).map("".join))
@settings(max_examples=300)
@example("*_~`*_~`")
@example("a*b*c <!everyone> http://x.test")
def test_nothing_a_person_wrote_comes_alive(words: str) -> None:
    shown = message(card(*blocks_of(words or "…")))
    assert living(shown["text"]) == []
    assert (
        html.unescape(shown["text"]).replace("\u200b", "").strip()
        == clean(plain(card(*blocks_of(words or "…")))).strip()
    )
    assert set(text_objects(shown["blocks"])) == {"plain_text"}
    kinds = set(re.findall(r'"type": "(\w+)"', json.dumps(shown["blocks"])))
    assert not kinds & {"mrkdwn", "markdown", "user", "broadcast", "usergroup", "channel", "link", "emoji"}


def test_words_from_right_to_left_turn_nothing_around_them() -> None:
    text = Text(("You wrote ", own("\u202eשלום\u2069 3\nשוב"), " at 10:15."))
    (said,) = runs(message(card(text))["blocks"])
    assert said == "You wrote “\u2068שלום 3\u2069\n\u2068שוב\u2069” at 10:15."
    assert plain(card(text)) == "You wrote “\u2068שלום 3\u2069\n\u2068שוב\u2069” at 10:15."
    assert clean(said) == said
    assert clean("\u2068a\u202eb\u2069 c\u2069 \u2068d") == "\u2068ab\u2069 c d"


@pytest.mark.req("SAY-4")
@pytest.mark.parametrize(
    ("given_words", "kept"),
    [
        ("a\x00b\x1b[31m", "ab[31m"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("line\r\nline\u2028line", "line\nline\nline"),
        ("half \ud83d pair", "half  pair"),
        ("👩‍👧‍👦 family, می‌خواهم, שלום", "👩‍👧‍👦 family, می‌خواهم, שלום"),
    ],
)
def test_takes_out_what_cannot_be_seen_and_leaves_scripts_whole(given_words: str, kept: str) -> None:
    assert clean(given_words) == kept
    assert "".join(runs(message(card(Quote(own(given_words))))["blocks"])) == f"“{kept}”"


def test_escapes_once() -> None:
    assert inert("R&D <3") == "R&amp;D &lt;3"
    assert twin(card(Text(("R&D",)))) == "R&amp;D"
    assert list(runs(message(card(Text(("R&D <3",))))["blocks"])) == ["R&D <3"]


def test_the_twin_of_an_update_is_short_enough_and_says_that_there_is_more() -> None:
    shown = message(card(Quote(own("<*>" * 2000))), 4000)
    assert len(shown["text"]) <= 4000
    assert shown["text"].endswith("…")


def test_a_button_carries_its_thread_version_verb_and_value() -> None:
    row = Buttons((Button("share", "Share", "confirm", "step-1"), Button("share", "Share more")))
    first, second = message(card(row))["blocks"][0]["elements"]
    assert json.loads(first["value"]) == [
        "0f4c2f7e-7a52-5b7e-9d3e-2f5f5f5f5f5f",
        3,
        "share",
        "step-1",
    ]
    assert first["action_id"] != second["action_id"]
    assert [first.get("style"), second.get("style")] == ["primary", None]


def test_there_is_one_primary_button_and_a_link_carries_nothing() -> None:
    rows = (
        Buttons((Button("a", "A", "confirm"),)),
        Buttons((Button("b", "B", "confirm"), Button("c", "C", url="https://b.test"))),
    )
    elements = [element for block in message(card(*rows))["blocks"] for element in block["elements"]]
    assert [element.get("style") for element in elements] == ["primary", None, None]
    assert elements[2]["url"] == "https://b.test"
    assert "value" not in elements[2]


def test_a_label_stands_in_the_block_of_what_it_names() -> None:
    (block,) = message(card(Label("Your step"), Quote(own("Wait longer"))))["blocks"]
    assert shown_words([block]) == "Your step\n“Wait longer”"
    (block,) = message(card(Label("Day"), Text(("Tuesday",))))["blocks"]
    assert shown_words([block]) == "Day\nTuesday"


def test_choices_start_at_what_is_chosen() -> None:
    choices = Choices("part", "Which part?", (Option("launch", "Launch"), Option("menu", "Menu")), "menu")
    (block,) = message(card(choices))["blocks"]
    assert block["accessory"]["initial_option"]["value"] == "menu"
    many = Choices("day", "Which day?", tuple(Option(str(day), f"Day {day}") for day in range(250)), "200")
    shown = message(card(many))
    assert message_problems(shown["text"], shown["blocks"]) == []
    assert shown["blocks"][0]["accessory"]["type"] == "static_select"


def form(words: str, **more: str) -> Form:
    return Form(
        verb="offer",
        title=more.get("title", "Offer a time"),
        submit=more.get("submit", "Send"),
        cancel="Leave it",
        intro=words,
        notes={"": words, "day": "That day is behind us.", "elsewhere": "A note for nobody in particular."},
        thread="0f4c2f7e-7a52-5b7e-9d3e-2f5f5f5f5f5f",
        version=2,
        fields=(
            TextField(
                "focus", "What to listen to", own(words), optional=True, long=True, hint="A sentence.", max_length=240
            ),
            TextField("short", "Name", ""),
            DateField("day", "Day", "2026-11-24"),
            DateField("until", "Until"),
            TimeField("time", "Time", "10:15"),
            TimeField("end", "End"),
            PickField("part", "Part", (Option("launch", "Launch"), Option("menu", "Menu")), "menu"),
            PickField("guest", "Who", tuple(Option(f"p{n}", f"Person {n}") for n in range(150)), "p149", many=True),
        ),
    )


@pytest.mark.parametrize("words", ["", "Counting on", LONG, "x" * 6500, "<!channel> *now*"])
@pytest.mark.parametrize("title", ["Offer a time", "A title that is far longer than Slack has room for"])
def test_slack_takes_every_form(words: str, title: str) -> None:
    shown = view(form(words, title=title, submit="Send it to Ana and wait for her"), Way())
    assert view_problems(shown) == []
    assert title in shown["title"]["text"] or title in shown_words(shown["blocks"])


def test_a_form_keeps_the_way_back_and_what_it_is_about() -> None:
    shown = view(form("hello"), Way("https://hooks.slack.com/actions/1", "D1", "1.5"))
    assert json.loads(shown["private_metadata"]) == [
        "0f4c2f7e-7a52-5b7e-9d3e-2f5f5f5f5f5f", 2, "offer", "",
        ["https://hooks.slack.com/actions/1", "D1", "1.5", False, "", "", "", ""],
    ]  # fmt: skip


def test_a_note_stands_before_the_box_it_belongs_to() -> None:
    ids = [block.get("block_id") or shown_words([block]) for block in view(form(""), Way())["blocks"]]
    assert ids.index("That day is behind us.") + 1 == ids.index("day")


def test_words_too_long_for_one_box_stand_whole_in_several() -> None:
    words = LONG + "the end"
    boxes = [
        block["element"]
        for block in view(form(words), Way())["blocks"]
        if block.get("block_id", "").startswith("focus")
    ]
    assert len(boxes) == 2
    assert "".join(box["initial_value"] for box in boxes) == words


def test_an_error_without_a_box_of_its_own_stands_at_the_first() -> None:
    assert errors({"day": "Pick a day.", "": "Something is missing."}, ("focus", "day")) == {
        "day": "Pick a day.",
        "focus": "Something is missing.",
    }


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("R&amp;D &lt;3 &amp;amp;", "R&D <3 &amp;"),
        ("with <@U0CLEO> and <@U0SAM|sam>", "with @Cleo Banks and @sam"),
        ("<@U0NOBODY>, <!here> and <!channel>", "@U0NOBODY, @here and @channel"),
        ("see <https://a.test/x|a.test/x> or <https://b.test>", "see a.test/x or https://b.test"),
        ("<https://b.test|this page>", "this page (https://b.test)"),
        ("<mailto:a@b.test|a@b.test> in <#C01|math>", "a@b.test in #math"),
        ("*bold* _and_ ~plain~", "*bold* _and_ ~plain~"),
        ("well done :clap: :wave::skin-tone-3: :our_own:", "well done 👏 👋🏼 :our_own:"),
    ],
)
def test_reads_a_message_as_it_was_typed(sent: str, typed: str) -> None:
    emoji = [
        {"type": "emoji", "name": "clap", "unicode": "1f44f"},
        {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fc", "skin_tone": 3},
        {"type": "emoji", "name": "our_own"},
        {"type": "emoji", "name": "odd", "unicode": "d800"},
    ]
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": emoji}]}]
    assert said(sent, {"U0CLEO": "Cleo Banks"}, blocks) == typed


def test_blocks_of_any_depth_are_no_danger() -> None:
    deep: object = {"type": "emoji", "name": "clap", "unicode": "1f44f"}
    for _ in range(5000):
        deep = {"elements": [deep]}
    assert said(":clap:", {}, [deep]) == ":clap:"


@pytest.mark.req("FEED-2", "FEED-4")
def test_emoji_without_end_are_left_as_they_were_typed() -> None:
    many = [{"type": "emoji", "name": f"n{number}", "unicode": "1f44f"} for number in range(3000)]
    assert said(":n0: :n49: :n50: :n2999:", {}, many) == "👏 👏 :n50: :n2999:"
    long = {"type": "emoji", "name": "long", "unicode": "-".join(["1f44f"] * 11)}
    assert said(":long:", {}, [long]) == ":long:"


@pytest.mark.req("FEED-4")
def test_an_address_begins_where_something_else_ends() -> None:
    written = f"setup a@b.example, {'x' * 65}@b.example <mailto:c@d.example|c@d.example> " + "y" * 900_000
    assert of_command("beside", written).emails == ("a@b.example", "c@d.example")


def test_a_short_label_says_that_there_is_more() -> None:
    assert short("Send it to Ana", 24) == "Send it to Ana"
    assert short("Send it to Ana and wait for her", 24) == "Send it to Ana and wait…"
    assert short("x" * 30, 24) == "x" * 23 + "…"
