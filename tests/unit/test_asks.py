"""What asks for something other than the next question, and which words may be a student's name."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety import ask, capitalised, labels, without_names

COLLEAGUES = {"sam", "rivera", "ana", "ruiz"}
ASKED = {
    "advice": """
just tell me what to do
just tell me
My students mix up halves and thirds, what should I do?
What do you suggest?
any ideas?
Give me an activity for Monday
can you help me with this
What would you do?
What can I do about the noise?
I just want an answer, do you have any tips for the launch?
How do I fix this?
I need you to tell me
stop asking and answer my question
""",
    "stuck": """
I'm stuck
no idea
I don't know where to start
Honestly I'm completely stuck with this one
I have no clue
we're going around in circles
can't think of anything
Stuck.
""",
    "compared": """
Ms Lee's class did better
The other class is way ahead of us
Mine are slower than the other teachers' kids
Everyone else is further along than me
60% got it and Mr. Okafor's class did better
We are behind the rest of the grade. My colleague's class is ahead.
""",
    "numbers": """
60% got it
About 40 percent of my students passed
8 out of 20 got it right
Test scores went up this week
The exit slips: 75% correct
Only 30%
""",
    "labels": """
My low kids drew it first
the bubble students stayed quiet
My lows talked more than usual
my struggling learners asked each other
""",
    "none": """
idk
nothing
Nothing really.
no
I don't know
...
not sure
""",
}
JUST_ANSWERS = """
They kept saying just tell me what to do
One asked me what should I do with the rest
I told them what to do, and they did something else
Show me how you know was on the board all week.
I had no idea they could do that!
Students had no idea, and then one of them drew it.
They shaded 25% of a garden and argued about it.
12 of them talked, more than last week.
Students were stuck, so I waited.
I wonder what I should do next
They argued whether three out of four slices is more
The low shelf was empty
We came up with any number of ideas
“Just tell me what to do,” one student said.
I gave them some activities to choose from.
My other class liked it better
Everyone counted by twos.
fine
"""
NAMED = {
    "Maya drew three boxes": "a student drew three boxes",
    "Maya's work was full of arrows.": "a student's work was full of arrows.",
    "My student Maya drew it": "My student drew it",
    "A girl named Maya was first": "A girl was first",
    "I sat with Maya and Jayden for a while": "I sat with a student and a student for a while",
    "Maya Johnson drew it. Then Maya said no.": "a student drew it. Then a student said no.",
    "On Monday, José said it was half.": "On Monday, a student said it was half.",
    "when Devon was quiet, Ana Ruiz helped": "when a student was quiet, Ana Ruiz helped",
    "I’m glad Zoë’s idea stayed": "I’m glad a student’s idea stayed",
    "Mr. Okafor's student Maya came": "Mr. Okafor's student came",
}
NOBODY = """
I worked with Sam on Monday. Ms. Lee said so.
Asking how they knew it was fair. They argued about halves for ages.
Quiet, then two pairs disagreed and drew it.
The Button Jar was loud.
They used Cuisenaire rods with Play-Doh.
Everyone at Lincoln said hi. Half said yes.
In Texas students drew maps.
Start Monday's launch with their disagreement.
Sam said to wait.
Illustrative was hard, Desmos said wrong.
NOBODY SAID A WORD
maya drew three boxes
"""


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in ASKED.items() for t in texts.strip().splitlines()])
def test_words_that_ask_for_something_else_are_heard(kind: str, text: str) -> None:
    assert ask(text) == kind


@pytest.mark.parametrize("text", JUST_ANSWERS.strip().splitlines())
def test_an_answer_is_an_answer(text: str) -> None:
    assert ask(text) is None


def test_only_the_sentence_with_the_label_has_one() -> None:
    assert labels("My low kids drew it.")
    assert not labels("They argued for ages.")


@pytest.mark.parametrize(("text", "kept"), NAMED.items())
def test_a_students_name_becomes_a_student_and_nothing_else_changes(text: str, kept: str) -> None:
    assert without_names(text, COLLEAGUES) == kept
    assert without_names(kept, COLLEAGUES) == kept


@pytest.mark.parametrize("text", NOBODY.strip().splitlines())
def test_colleagues_days_programs_and_ordinary_words_are_no_names(text: str) -> None:
    assert without_names(text, COLLEAGUES) == text


def test_an_initial_is_no_article() -> None:
    assert without_names("A. Maya drew it.") == "A. a student drew it."


def test_whoever_may_be_a_colleague_is_asked_after() -> None:
    assert capitalised("On Monday Maya said that Okafor helped.") == {"maya", "okafor"}


@given(st.text(max_size=600))
def test_whatever_is_written_never_raises_and_stays_as_it_is_without_a_capital(text: str) -> None:
    ask(text)
    labels(text)
    assert without_names(text.lower()) == text.lower()
    without_names(f"{text}. Maya drew it.")


PIECES = (
    "Maya drew ", "Aa ", "Aa and ", "Aa, ", "maya's ", "stuck ", "60% ", "the other class ", ", ", "give me a ", "A",
    "“Aa said ", "tell me ", "no idea ", "low kids ", "I don't know ", "Ms. ", "scores ", "'s", "um, ",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_ten_times_the_words_take_about_ten_times_as_long(piece: str) -> None:
    def took(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        began = time.process_time()
        without_names(text)
        ask(text)
        labels(text)
        return time.process_time() - began

    took(500)
    small, large = min(took(4000) for _ in range(3)), min(took(40_000) for _ in range(3))
    assert large < 60 * small + 0.05
