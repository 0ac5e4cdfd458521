"""The playground's HTML: each block as it should look, and a person's words never anything but words."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.web.page import Pane, clock_text, page, zone_text
from adapters.web.pane import after, open_questions, without_answers
from adapters.web.render import card_html, form_html, message, phone
from adapters.web.seats import others, seated
from bot.cards import (
    NOTHING,
    Answer,
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
)
from bot.events import Account, Commanded, Pressed, Said, Submitted
from bot.platform import Face, Remark
from bot.records import Own

NOW = datetime(2026, 10, 15, 19, 20, tzinfo=UTC)
ANA = Face(id="p-ana", handle="ana", first="Ana", name="Ana Silva", role="teacher", partner="p-sam")
BEN = Face(id="p-ben", handle="ben", first="Ben", name="Ben Okoro", role="teacher", partner="p-sam")
SAM = Face(id="p-sam", handle="sam", first="Sam", name="Sam Lund", role="coach", partner="p-ana")
ME = Account(platform="web", team="playground", user="p-ana")


class Nodes(HTMLParser):
    """What a browser would find: elements with the names of their attributes, links, and text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def html_of(*blocks: Block, framed: bool = True, role: str = "teacher") -> str:
    return card_html(Card(blocks=blocks, framed=framed, title="Title" if framed else ""), role, "m1")


def own(text: str) -> Own:
    return Own(text, "p-ana")


def everything(words: str) -> Card:
    """A card that holds a person's words everywhere they can stand, and ours beside them."""
    return Card(
        title=words,
        framed=True,
        thread=words,
        blocks=(
            Text((words, own(words))),
            Label(words),
            Heading(words),
            Quote(own(words)),
            Exact((own(words),), words),
            Details((Fact(words, own(words), was=words), Fact(words, words, soft=True))),
            People((Contact(words, "call " + words),)),
            Choices(words, words, (Option(words, words),), words),
            Buttons((Button(words, words, value=words), Button(words, words, "quiet"))),
            Seen(words, 2),
        ),
    )


def all_fields(words: str) -> Form:
    return Form(
        verb=words, title=words, intro=words, submit=words, cancel=words, thread=words,
        notes={"": words, words: words},
        fields=(
            TextField(words, words, own(words), long=True, hint=words),
            TextField(words, words, words),
            DateField(words, words, words),
            TimeField(words, words, words),
            PickField(words, words, (Option(words, words),), words),
            PickField(words, words, (Option(words, words),), words, many=True),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (Text(("Hi. ", own("My words."))), '<p>Hi. <q dir="auto">My words.</q></p>'),
        (Label("Your step"), '<p class="label">Your step</p>'),
        (Heading("Beside Ana"), "<h3>Beside Ana</h3>"),
        (Quote(own("Ask first.")), '<p class="words lead" dir="auto">Ask first.</p>'),
        (
            Exact((own("Ask first."),), "Ana, Thursday"),
            '<div class="inset exact"><p dir="auto">Ask first.</p><small>Ana, Thursday</small></div>',
        ),
        (
            Details((Fact("Question", "Ana's to choose", soft=True),)),
            '<dl class="facts"><dt>Question</dt><dd class="soft">Ana&#x27;s to choose</dd></dl>',
        ),
        (
            Details((Fact("When", "Wednesday", was="Tuesday"),)),
            (
                '<dl class="facts"><dt>When</dt><dd><del class="was"><span class="unseen">was </span>Tuesday</del><br>'
                '<ins><span class="unseen">now </span>Wednesday</ins></dd></dl>'
            ),
        ),
        (
            People((Contact("Emergency", "911"), Contact("Front desk", "Ask there"))),
            (
                '<div class="contacts"><a href="tel:911">Emergency <span>911</span></a>'
                "<p>Front desk <span>Ask there</span></p></div>"
            ),
        ),
        (
            Choices("share", "Share", (Option("a", "The step"), Option("b", "Step and notes")), "b"),
            (
                '<fieldset class="choices line" data-name="share"><legend>Share</legend>'
                '<label><input type="radio" name="m1-share" value="a"> <span>The step</span></label>'
                '<label><input type="radio" name="m1-share" value="b" checked> <span>Step and notes</span></label>'
                "</fieldset>"
            ),
        ),
        (
            Buttons((Button("keep", "Keep", "confirm", "1"), Button("no", "Not now", "quiet"))),
            (
                '<div class="row"><button type="button" class="confirm" data-verb="keep" data-value="1">Keep</button>'
                '<button type="button" class="quiet" data-verb="no" data-value="">Not now</button></div>'
            ),
        ),
        (
            Seen("Just for you"),
            (
                '<p class="who"><svg aria-hidden="true" focusable="false"><use href="#one-a"/></svg> '
                "<span>Just for you</span></p>"
            ),
        ),
    ],
)
def test_draws_each_block_in_a_named_card(block: Block, html: str) -> None:
    assert html_of(block) == f'<article class="card" aria-label="Title">{html}</article>'


def test_a_plain_message_is_one_bubble_and_its_rows() -> None:
    html = html_of(
        Text((own("fair"), " Noted.")), Text(("What next?",)),
        Buttons((Button("a", "Tried it"), Button("b", "Not now", "quiet"), Button("c", "Skip", "quiet"))),
        framed=False,
    )  # fmt: skip
    assert html == (
        '<p><q dir="auto">fair</q> Noted.<span class="then">What next?</span></p>'
        '<div class="row"><button type="button" data-verb="a" data-value="">Tried it</button></div>'
        '<div class="row hush"><button type="button" class="quiet" data-verb="b" data-value="">Not now</button>'
        '<button type="button" class="quiet" data-verb="c" data-value="">Skip</button></div>'
    )


def test_a_safety_card_is_announced_at_once() -> None:
    html = card_html(Card(blocks=(Text(("Call.",)),), title="People who can help", grave=True), "teacher", "m1")
    assert html == '<section class="card grave" role="alert" aria-label="People who can help"><p>Call.</p></section>'


def test_a_coach_has_their_own_path_and_two_see_two_paths() -> None:
    assert "#one-b" in html_of(Seen("Just for you"), role="coach")
    assert "#two" in html_of(Seen("You and Sam", 2), role="coach")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("911", "911"),
        ("988, day and night", "988"),
        ("555 0100", "5550100"),
        ("+1 (212) 555-0100", "+12125550100"),
        ("24 hours: 800 555 0100", "8005550100"),
        ("Room 12", ""),
        ("Ask at the front desk", ""),
        ("", ""),
    ],
)
def test_finds_the_number_to_call(text: str, number: str) -> None:
    assert phone(text) == number


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:1",
        "data:text/html,x",
        "//evil.example",
        "/\\evil",
        " https://x",
        "\tjavascript:1",
    ],
)
def test_a_link_that_could_run_or_leave_is_no_link(url: str) -> None:
    assert Nodes(html_of(Buttons((Button("", "Open", url=url),)))).links == []


def test_a_link_of_ours_is_one() -> None:
    html = html_of(Buttons((Button("", "Calendar file", url="/calendar/a.ics"),)))
    assert '<a class="button" href="/calendar/a.ics" rel="noreferrer">Calendar file</a>' in html


HOSTILE = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "</textarea><b>",
            "</q></p></article><script>", "<!--", "-->", "&lt;script&gt;", "]]>", "javascript:alert(1)", "`${1}`",
            "{{7*191}}", "{0.__class__}", "\x00<b>", "<\x00script>", "\ud800<i>", "</dialog>", "<svg/onload=1>",
        ]
    ),
)  # fmt: skip


@given(HOSTILE)
def test_words_never_become_elements(words: str) -> None:
    harmless, hostile = (
        Nodes(card_html(everything("x"), "teacher", "m")),
        Nodes(card_html(everything(words), "teacher", "m")),
    )
    assert [tag for tag in hostile.tags if tag[0] != "a"] == [
        ("p", ()) if tag[0] == "a" else tag for tag in harmless.tags if tag[0] != "a"
    ]
    assert all(link.startswith(("tel:", "#")) for link in hostile.links)


@given(HOSTILE)
def test_words_in_a_form_never_become_elements(words: str) -> None:
    assert Nodes(form_html(all_fields(words), "f")).tags == Nodes(form_html(all_fields("x"), "f")).tags


@given(HOSTILE)
def test_a_message_says_who_speaks_and_what_they_wrote(words: str) -> None:
    remark = Remark(key=words, person="p-ana", at=NOW, kind="words", words=own(words))
    nodes = Nodes(message(remark, ANA))
    assert [tag for tag, _ in nodes.tags] == ["div", "p", "span"]
    assert nodes.text.startswith("Ana: ")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("a\u202eb", "ab"),
        ("a\u200bb\ufeff", "ab"),
        ("a\x07b", "ab"),
        ("👩‍🏫 stays", "👩‍🏫 stays"),
        ("שלום", "שלום"),
        ("نمی‌دانم", "نمی‌دانم"),
        ("one\r\ntwo", "one\ntwo"),
        ("{{7*191}} {0.__class__}", "{{7*191}} {0.__class__}"),
    ],
)
def test_what_hides_goes_and_every_script_stays(said: str, read: str) -> None:
    remark = Remark(key="k", person="p-ana", at=NOW, kind="words", words=own(said))
    assert Nodes(message(remark, ANA)).text == f"Ana: {read}"


@pytest.mark.parametrize(
    ("kind", "look", "text"),
    [("words", "words", "Ana: a"), ("tap", "tap", "Ana chose: a"), ("command", "cmd", "Ana: a")],
)
def test_a_persons_message_shows_how_it_was_made(kind: str, look: str, text: str) -> None:
    html = message(Remark(key="k", person="p-ana", at=NOW, kind=kind, words=own("a")), ANA)
    assert f'<p class="{look}"' in html
    assert 'data-message="k" data-from="ana"' in html
    assert Nodes(html).text == text


def test_a_form_names_every_field_and_has_room_for_a_sentence_by_each() -> None:
    form = Form(
        verb="keep", title="Beside Ana", submit="Keep these", cancel="Close without changes", thread="t", version=2,
        notes={"minutes": "That is most of the block."},
        fields=(
            DateField("day", "Day"),
            TextField("minutes", "Minutes", "45", max_length=3),
            TextField("q", "Question", optional=True, long=True),
        ),
    )  # fmt: skip
    html = form_html(form, "f")
    assert re.findall(r'data-for="(\w*)"', html) == ["", "day", "minutes", "q"]
    assert re.findall(r'<label for="(f-\d)">', html) == ["f-0", "f-1", "f-2"]
    assert '<p class="wrong on" id="f-1-w" data-for="minutes" role="status">That is most of the block.</p>' in html
    assert 'data-verb="keep" data-thread="t" data-version="2"' in html


# ── What becomes of a pane ──

QUESTION = Card(
    blocks=(
        Text(("How did it go?",)),
        Buttons((Button("tried", "Tried it"), Button("", "Calendar file", url="/c.ics"))),
        Buttons((Button("sees", "Who sees this?", "quiet"),)),
    ),
    thread="t",
    version=1,
)
ASKED = Remark(key="q", person="p-ana", at=NOW, kind="card", card=QUESTION, order=1)
TAP = Remark(key="said:web:1", person="p-ana", at=NOW, kind="tap", words=own("Tried it"))
PRESSED = Pressed(key="web:1", by=ME, thread="t", version=1, verb="tried")


def test_an_answered_card_loses_its_buttons_and_keeps_its_links() -> None:
    settled, tap = after(PRESSED, NOTHING, TAP, [ASKED], source="q", at=NOW)
    assert settled.key == "q"
    assert settled.card == without_answers(QUESTION)
    assert settled.card.blocks[1:] == (Buttons((Button("", "Calendar file", url="/c.ics"),)),)
    assert tap == TAP


def test_an_aside_leaves_the_question_open() -> None:
    card = Card(blocks=(Text(("Only you.",)),))
    tap, aside = after(PRESSED, OnlyYou(card), TAP, [ASKED], source="q", at=NOW)
    assert (tap, aside.key, aside.card) == (TAP, "only:web:1", card)


def test_a_replaced_card_keeps_its_place_and_an_older_one_never_comes_back() -> None:
    new, old = Card(blocks=(Text(("Sent.",)),), thread="t", version=2), Card(blocks=(), thread="t", version=0)
    assert after(PRESSED, Replace(new), TAP, [ASKED], source="q", at=NOW)[0].order == 1
    assert after(PRESSED, Replace(old), TAP, [ASKED], source="q", at=NOW) == [TAP]


def test_a_form_that_opens_says_nothing_yet() -> None:
    form = Open(Form(verb="v", title="t", fields=(), submit="s", cancel="c"))
    assert after(PRESSED, form, TAP, [ASKED], source="q", at=NOW) == []
    command, typed = (
        Commanded(key="web:1", by=ME, command="coteach"),
        Remark(key="k", person="p-ana", at=NOW, kind="command"),
    )
    assert after(command, form, typed, [ASKED], source="", at=NOW) == [typed]


def test_told_again_nothing_is_written() -> None:
    for answer in (NOTHING, Replace(QUESTION), OnlyYou(QUESTION)):
        kept = after(PRESSED, answer, TAP, [ASKED], source="q", at=NOW)
        assert after(PRESSED, answer, TAP, [ASKED, *kept], source="q", at=NOW) == []


def test_words_may_answer_a_question_but_no_framed_card_and_none_that_is_answered() -> None:
    kept = Remark(key="f", person="p-ana", at=NOW, kind="card", card=replace(QUESTION, framed=True))
    care = Remark(key="c", person="p-ana", at=NOW, kind="card", card=replace(QUESTION, grave=True))
    quiet = Remark(
        key="z", person="p-ana", at=NOW, kind="card", card=Card(blocks=QUESTION.blocks[2:], thread="t", version=2)
    )
    done = Remark(key="d", person="p-ana", at=NOW, kind="card", card=without_answers(QUESTION))
    assert open_questions([ASKED, kept, care, quiet, done]) == [ASKED, quiet]


@pytest.mark.parametrize("answer", [NOTHING, OnlyYou(Card(blocks=(Text(("Help.",)),)))])
def test_a_question_that_words_have_answered_loses_its_buttons_and_no_other_does(answer: Answer) -> None:
    words = Remark(key="said:web:2", person="p-ana", at=NOW, kind="words", words=own("It went well."))
    said = Said(key="web:2", by=ME, text="It went well.")
    settled, *rest = after(said, answer, words, [ASKED], source="", at=NOW, answered={"q"})
    assert (settled.key, settled.card, rest[0]) == ("q", without_answers(QUESTION), words)
    assert after(said, answer, words, [ASKED], source="", at=NOW)[0] == words


def test_a_form_without_a_card_answers_in_a_message_of_its_own() -> None:
    card = Card(blocks=(Text(("Kept.",)),))
    event = Submitted(key="web:3", by=ME, thread="t", version=1, verb="keep")
    assert [r.key for r in after(event, Replace(card), None, [], source="", at=NOW)] == ["only:web:3"]


# ── The page ──


def test_opens_with_the_first_teacher_and_their_coach() -> None:
    assert seated([ANA, BEN, SAM], None, None) == [ANA, SAM]
    assert seated([BEN, SAM, ANA], BEN, None) == [BEN, SAM]
    assert seated([ANA, BEN, SAM], ANA, BEN) == [ANA, BEN]
    assert seated([ANA], None, None) == [ANA]
    assert seated([], None, None) == []


def test_offers_the_teachers_on_the_left_and_anybody_on_the_right() -> None:
    assert others([ANA, BEN, SAM], ANA, SAM) == ([ANA, BEN], "Teacher on this side")
    assert others([ANA, BEN, SAM], SAM, ANA) == ([BEN, SAM], "Person on this side")


def test_the_clock_reads_as_on_a_wall() -> None:
    assert clock_text(NOW, "America/New_York") == "Thursday 15 October, 15:20"
    assert zone_text("America/New_York") == "New York time"


def test_a_page_holds_no_script_or_style_of_its_own() -> None:
    log = [ASKED, Remark(key="w", person="p-ana", at=NOW, kind="words", words=own("<script>"))]
    panes = [Pane("left", ANA, log, (("/help", "What I can do", "/help"),), [ANA, BEN], "Teacher on this side")]
    html = page(panes, now=NOW, zone="UTC", csrf="c", key="k", cursor="a.1")
    nodes = Nodes(html)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)
    assert [tag for tag, _ in nodes.tags].count("script") == 1
    assert all(link.startswith(("/", "#")) for link in nodes.links)
