"""Cards and forms nobody drew yet: every block and field, the most of everything, and words that would like to act."""

from __future__ import annotations

from hypothesis import strategies as st

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
    WhoField,
)
from bot.records import Own
from tests.contract.gallery import THREAD, Shown

ATTACKS = (
    "<!channel>", "<!here|now>", "<@U0ANA>", "<https://x.test|click>", "*bold* _slanted_ ~gone~ `code`",
    "[x](javascript:alert(1))", "![x](https://x.test/a.png)", "<script>alert(1)</script>", '"><img src=x onerror=y>',
    "<at>all</at>", "&amp;lt;b&gt; &amp;", "> quoted", "# heading", "- item\n1. item", "{{7*191}} ${1} {0.__class__}",
    "{{DATE(2026-11-01T00:00:00Z, SHORT)}}", "</textarea></q></p>", "www.x.test https://x.test/?a=1&b=2",
)  # fmt: skip
WORDS = (
    "Tuesday",
    "What did they notice?\n\nThey counted on.",
    "שלום, מה שמת לב?",
    "چه چیزی را نمی‌دانستند؟",
    "👩‍🏫👩🏽‍🤝‍👨🏻 🧮 noticed",
    "…",
    *ATTACKS,
)
ANA = "person-ana"
LONG = "What did the students notice about the number line today? " * 52  # 3,016 characters


def own(text: str) -> Own:
    return Own(text, ANA)


def card(*blocks: Block) -> Card:
    return Card(blocks=blocks, title="A card", framed=True, thread=THREAD, version=3)


def options(count: int, label: str = "Option") -> tuple[Option, ...]:
    return tuple(Option(f"v{n}", f"{label} {n}") for n in range(1, count + 1))


def every_block(words: str) -> Card:
    """Each kind of block, with these words wherever words can stand."""
    return card(
        Heading(words),
        Text((f"Before {words}", own(words), " after.")),
        Label(words),
        Quote(own(words)),
        Exact((own(words), own("second")), words),
        Details((Fact("Day", words), Fact(words, own(words)), Fact("Time", words, was=words, soft=True))),
        People((Contact(words, "555 0100"), Contact("Support", words))),
        Choices("part", words, (Option("launch", words), Option("menu", "Menu")), "launch"),
        Buttons((Button("keep", words, "confirm", "slot-1"), Button("drop", "Drop", "quiet"))),
        Buttons((Button("open", "Open it", url="https://b.test/a?b=1&c=2"),)),
        Seen(words, 2),
    )


def every_field(words: str) -> Form:
    """Each kind of field, empty and filled, with these words wherever words can stand."""
    return Form(
        verb="offer", title=words, intro=words, submit="Send", cancel="Leave it", thread=THREAD, version=2,
        notes={"": words, "day": f"Note {words}"},
        fields=(
            TextField("long", words, own(words), optional=True, long=True, hint=words),
            TextField("line", "In a line", "", max_length=240),
            DateField("day", "Day", "2026-11-24"),
            DateField("until", "Until"),
            TimeField("time", "Time", "10:15", optional=True),
            TimeField("end", "End"),
            PickField("part", "Part", (Option("launch", words), Option("menu", "Menu")), "menu"),
            PickField("who", "Who", options(12, "Person"), "v12", many=True),
            WhoField("everybody", "All of them", "U0ANA U0BEN"),
        ),
    )  # fmt: skip


SYNTHETIC: tuple[Shown, ...] = (every_block("What did they notice?"), every_field("What did they notice?"))

# The most of everything: drawn and valid, and nothing lost but the ends of words that no message holds.
EXTREMES: dict[str, Shown] = {
    "an empty card": card(),
    "empty words": card(Text(("",)), Text((own(""),)), Label(""), Heading(""), Quote(own("")), Exact((), ""), Seen("")),
    "nothing in it": card(Details(()), People(()), Buttons(())),
    "3,000 characters": every_block(LONG),
    "3,000 characters in a form": Form(
        verb="v", title="Your words", intro=LONG, submit="Keep", cancel="Leave it", thread=THREAD,
        fields=(TextField("words", "Words", own(LONG), long=True), TextField("more", "More", hint="A sentence.")),
    ),
    "one long word": every_block("x" * 3000),
    "60 buttons": card(Buttons(tuple(Button("take", f"Button {n}", value=str(n)) for n in range(60)))),
    "60 rows": card(*(Buttons((Button("take", f"Button {n}"), Button("leave", f"Not {n}"))) for n in range(20))),
    "120 options": card(Choices("day", "Which day?", options(120), "v119"), Buttons((Button("take", "Take"),))),
    "120 options in a form": Form(
        verb="v", title="Who?", submit="Send", cancel="Leave it", thread=THREAD,
        fields=(PickField("who", "Who", options(120), "v120", many=True),),
    ),
    "60 paragraphs": card(*(Text((f"Paragraph {n}.",)) for n in range(60)), Buttons((Button("on", "Go on"),))),
    "40 facts": card(Details(tuple(Fact(f"Fact {n}", f"Value {n}", was=f"Old {n}") for n in range(40)))),
    "a link that could run": card(Buttons((Button("x", "Open", url='https://x.test/"><script>'),))),
    **{f"blocks of {words[:20]!r}": every_block(words) for words in WORDS},
    **{f"fields of {words[:20]!r}": every_field(words) for words in WORDS},
}  # fmt: skip

_line = st.one_of(
    st.sampled_from(WORDS), st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)
)
_own = _line.map(own)
_options = st.lists(_line, min_size=1, max_size=6).map(
    lambda labels: tuple(Option(f"v{n}", label) for n, label in enumerate(labels))
)
_button = st.builds(
    Button, verb=st.sampled_from(("keep", "drop")), label=_line, value=_line,
    style=st.sampled_from(("answer", "confirm", "quiet")),
)  # fmt: skip
_fact = st.builds(
    Fact, label=_line, value=st.one_of(_line, _own), was=st.one_of(st.just(""), _line), soft=st.booleans()
)
_block = st.one_of(
    st.lists(st.one_of(_line, _own), min_size=1, max_size=3).map(lambda parts: Text(tuple(parts))),
    st.builds(Label, _line),
    st.builds(Heading, _line),
    st.builds(Quote, _own),
    st.builds(Exact, st.lists(_own, min_size=1, max_size=3).map(tuple), _line),
    st.lists(_fact, min_size=1, max_size=4).map(lambda facts: Details(tuple(facts))),
    st.lists(st.builds(Contact, _line, _line), min_size=1, max_size=3).map(lambda those: People(tuple(those))),
    st.lists(_button, min_size=1, max_size=5).map(lambda row: Buttons(tuple(row))),
    st.builds(Seen, _line, st.sampled_from((1, 2))),
)
_choices = st.builds(Choices, st.just("part"), _line, _options, st.sampled_from(("v0", "v1")))
CARDS = st.builds(
    lambda blocks, choices, framed: Card(
        blocks=(*blocks, *choices), title="T", framed=framed, thread=THREAD, version=1
    ),
    st.lists(_block, max_size=6),
    st.lists(_choices, max_size=1),
    st.booleans(),
)
