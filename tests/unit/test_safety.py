"""What the safety words catch, what they leave alone, and which whole messages are commands."""

from __future__ import annotations

import time

import pytest

from bot.safety import Typed, command, notice

A_STUDENT_MAY_NOT_BE_SAFE = """
A student told me his dad hits him when he gets home late.
One of my kids came in with bruises on both arms.
a girl in my second block said she wants to die
She had cuts on her wrists and pulled her sleeves down.
Two boys were talking about how their uncle touches them
I think one of my students is being abused at home.
A child whispered that she is scared to go home tonight
One kid said "I want to kill myself" during the number talk.
student wrote that he doesn't want to be alive
My little one said mommy beats her with a belt
There was a black eye on one of the students again
A fifth grader told me he feels unsafe at home.
kid said nobody feeds him, there is no food at home
Someone brought a knife to math and showed it to other kids
A pupil has been bullied so badly that he hides at lunch
He told me his stepdad choked him last night.
I found a note from a student about suicide
Her mother hurts her, she said so while we were counting coins
One of them was sexually assaulted over the weekend, I heard
A student is cutting herself, I saw the marks on her arm
the children said their brother threatened to hurt them
A boy in my class keeps saying he wishes he was dead
Great launch. Then a student showed me burn marks on his back.
I'm worried a student was hurt by an adult in the hall
Student in group three said his parents lock him out, he ran away from home
“i don't want to live” is what one kid wrote on the exit slip
One of my students tried to kill herself
I suspect neglect at home for one of my kids
The sub grabbed and hurt a kid on Tuesday
A kindergartner said a man touched her inappropriately
there are signs of abuse with one of my students
Maya told me her dad hit her again.
"""
NO_STUDENT_IN_DANGER = """
The kids were killing it today.
That lesson killed me, but students loved it.
they were killing it with arrays
It wouldn't hurt to let students start.
My brain hurts, one student said, and she was smiling.
Students were dying to share their drawings
I think rushing hurts their confidence and students go quiet.
Kids abused the whiteboard markers a little.
Some students are in danger of falling behind on fractions.
Students don't feel safe to share wrong answers yet
A student bruised an apple while measuring it.
I neglected the quieter students this week
Two students beat the timer and asked to go again.
A girl hit on the idea of halving twice
It hit the kids that three halves is more than one
Her dad beat her at the card game, so she made a new strategy
They cut the paper into eighths by themselves
Students want to try the dice game again
We killed time while the kids packed up
Kids said the number talk was a killer
The students were tired after field day
One student broke down the problem into three parts
It hurts to watch students struggle with the copier paper, we need a new one
My students' hurt feelings came up when the game ended
The class attacked the problem from two sides
A student shot down the first idea and then defended it
Students hit a wall with the second task
One kid's plan died halfway and he started over
We had a suicide prevention training, so no time with students
A boy asked who would win, and they fought over the rule for fairness
Her mom threw her a party, so we counted balloons
Students kicked off the launch with their own question
"""
IN_DANGER = """
I want to die
honestly I don't want to be alive anymore
I keep thinking about killing myself
thinking about suicide again
I've been cutting myself at night.
some days I just wanna die
I want to end it all
My family would be better off without me
I wish I was dead
I can't see a reason to live
no point in living like this
I might hurt myself tonight
I hope I go to sleep and never wake up
I'm going to end my life
I took too many pills last night
There is nothing to live for
thoughts of ending my life came back this week
Driving home I think about driving off the bridge, I would drive into a tree
I am suicidal
I have started self-harming again.
Great launch today. Also I don't want to be here any more.
sometimes i wish i had never been born
I tried to kill myself last year and it feels close
everyone would be better off if I were dead
I don’t want to wake up tomorrow
I am thinking of jumping off a bridge
I want to hurt myself on purpose
My husband hits me and I came in late again
the kids were lovely but I want to die
I keep telling my friend "I want to kill myself"
I'd hang myself if I could
life is not worth living
"""
NOT_IN_DANGER = """
that lesson killed me
they were killing it
The kids were killing it today
I nearly died laughing when the tower fell
The batteries died in the middle of the launch
I could have kicked myself for talking so long
I'm killing myself over these slides
I cut myself off and let them talk
I beat myself up about the closure
A student said she wants to die.
One kid wrote "I want to kill myself" on his paper
I was dying to tell them the answer
To die for, that moment
Each pair got a die and a board
I shot myself in the foot with that question
We ended it with a gallery walk
I'd kill for ten more minutes of math
The copier will be the death of me
I cut myself some slack this week
I wanted to die of embarrassment when I wrote seven twice
he said I want to die and then laughed, my student I mean
I hurt myself playing soccer with the kids
I took my own life story as the launch context
The deadline is killing our menu time
students are better off without me talking so much
I don't want to live in a world of worksheets
In the story problem a car drives off the bridge
We talked about suicide prevention at the staff meeting
I don't want to be there early on Friday
I jumped in front of the projector to hide the answer
over my dead body will I go back to timed tests
Two birds with one stone, I killed the warm-up
"""
IN_DISTRESS = """
I can't do this any more
i cant do this anymore
I can’t keep doing this.
I cry every day after school
I broke down in my car on Tuesday
I'm breaking down
I had a panic attack before first block
I am quitting because of it
thinking about quitting teaching
I want to quit.
I panic every morning before school
I can't cope
I can't face another week of this
I'm falling apart
I dread going in every day
crying in the bathroom at lunch again
I feel like a complete failure
I hate my job
I'm handing in my notice on Friday
can't stop crying
I feel hopeless.
I just can't take it anymore
My students are lovely and I cried all weekend
I have been in a panic since Sunday
I'm at the end of my rope
Nothing works and I can't go on like this
I am so depressed
ended up in tears again
I'm having a breakdown
I feel sick every morning before school
I was sobbing at my desk after they left
not sure I can do this anymore
"""
NOT_IN_DISTRESS = """
I'm breaking down the task into smaller steps
We broke down the fraction into unit fractions
Students said "I can't do this anymore" and then did it
One kid said I can't do this any more and his partner helped
They can't do this any more without cubes, and that is fine
The kids panicked at the word problem
He cried when his tower fell
Two students were crying with laughter
The lesson fell apart at the closure
The copier broke down again
I quit talking so early in the launch
Students wanted to quit and did not
You can't take seven from three, they said
I can't go on to fractions until Thursday
A breakdown of the answers is on the wall
I panicked and gave them the rule
I almost cried tears of joy
The students didn't quit
I can't do this lesson on a Friday
Students hate teaching each other the rule
We can't keep going over the same page
Their math anxiety seemed lower
I want to quit using worksheets
I'm hopeless at drawing circles
Maya was crying because her team lost
I lost my voice and they ran the closure
She broke down the steps for her partner
A boy said he hates his life when we time things
I can't take it away from them now
I stopped and did not panic
Kids fell to pieces laughing
It was hard and they kept going
"""
TIRED = """
I'm exhausted
exhausted.
so tired this week
I am completely overwhelmed
Worst week ever
I think I'm burned out
burnt out tbh
This was the worst week of my career
Feeling drained
I'm running on empty
the kids were great but I'm exhausted
It was exhausting
I have nothing left to give
Drowning in grading
I can’t keep up
too much on my plate
I barely slept
Such an overwhelming week
Totally worn out, sorry
I am just so *tired*
my students had fun, I am wiped out
I'm swamped
no energy left
I'm stretched too thin
hanging on by a thread
Conferences left me exhausted
I feel overwhelmed by everything
I need a break
tired of everything
My brain is fried
We are all so tired
I taught all day and am exhausted
"""
NOT_TIRED = """
Students exhausted all the possibilities
The kids were exhausted after field day
Some students felt overwhelmed by the big numbers
One student looked tired
I don't want to overwhelm them
I'm not tired at all
We drained the water for the volume task
The projector bulb burned out
An overwhelming majority chose arrays
They were tired of the same warm-up
I had 24 tired kids after lunch
Students ran out of steam at the closure
The worst part was the fire drill
We wiped out the whiteboards at the end
I was less overwhelmed than last time
He said he was exhausted
Maya was exhausted and still explained it
The students who were tired drew instead
Kids swamped the block table
I spent ten minutes at the back table
The marker was worn out
I wasn't even tired after that
They beat the timer
We exhausted every strategy on the chart
My coach seemed overwhelmed
A group said it was the worst game
Students needed a break from fractions
The tired old worksheet came back
It was a busy, happy week
I tried and they talked
One pair kept up with the fast song
A kid told me her mom is burned out
"""
TABLES = {
    "student_safety": (A_STUDENT_MAY_NOT_BE_SAFE, NO_STUDENT_IN_DANGER),
    "danger": (IN_DANGER, NOT_IN_DANGER),
    "distress": (IN_DISTRESS, NOT_IN_DISTRESS),
    "tired": (TIRED, NOT_TIRED),
}


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize(("care", "said"), [(care, line) for care, (yes, _) in TABLES.items() for line in lines(yes)])
def test_hears_what_asks_for_care(care: str, said: str) -> None:
    assert care in notice(said)


@pytest.mark.parametrize(("care", "said"), [(care, line) for care, (_, no) in TABLES.items() for line in lines(no)])
def test_leaves_everyday_talk_alone(care: str, said: str) -> None:
    assert care not in notice(said)


@pytest.mark.parametrize("table", [table for pair in TABLES.values() for table in pair])
def test_every_table_is_wide_enough_to_mean_something(table: str) -> None:
    assert len(set(lines(table))) >= 25


@pytest.mark.parametrize("said", lines(IN_DANGER)[:5])
def test_hears_the_same_in_capitals_and_in_bold(said: str) -> None:
    assert notice(said.upper()) == notice(said) == notice(f"**{said}**")


def test_a_student_who_wants_to_die_is_not_the_teacher_in_danger() -> None:
    assert notice("A student said she wants to die.") == ("student_safety",)
    assert notice('One of my kids wrote "I want to die" on the exit slip') == ("student_safety",)


def test_names_both_where_a_message_holds_both() -> None:
    assert notice("One of my students is being abused, and I want to die.")[:2] == ("student_safety", "danger")


def test_the_gravest_comes_first() -> None:
    said = "I'm exhausted. I can't do this any more. I want to die. A child came in with bruises."
    assert notice(said) == ("student_safety", "danger", "distress", "tired")


def test_hears_through_hidden_characters_and_wide_letters() -> None:
    assert notice("I want to\u200b di\u00ade") == ("danger",)
    assert notice("\uff29 am so \uff54\uff49\uff52\uff45\uff44") == ("tired",)


def test_a_reflection_asks_for_no_care() -> None:
    assert notice("Asking how they knew it was fair. They argued about halves for ages.") == ()
    assert notice("") == ()


HOSTILE = (
    "i ", "so ", "said ", '"', '"a" kid ', "student ", "kids tired ", " ", "\n", "\ufdfa", "i was been just ",
    "can't take a b c d ", "dad a b c ", "want i a b c d e f ", "Maya ", "before the my that ", "cry a b c ",
    "feel a b ",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_stays_quick_on_text_that_means_harm(piece: str) -> None:
    text = (piece * 30_000)[:30_000]
    took = []
    for _ in range(3):
        start = time.thread_time()
        notice(text)
        command(text)
        took.append(time.thread_time() - start)
    assert min(took) <= 0.05


COMMANDS = {
    "stop": ("stop", ""),
    "STOP!": ("stop", ""),
    "“stop”": ("stop", ""),
    "please stop": ("stop", ""),
    "Stop messaging me.": ("stop", ""),
    "/stop": ("stop", ""),
    "start": ("start", ""),
    "Help": ("help", ""),
    "help, please": ("help", ""),
    "resume.": ("resume", ""),
    "pause": ("pause", ""),
    "pause 2 weeks": ("pause", "2 weeks"),
    "Pause for two weeks": ("pause", "for two weeks"),
    "pause until Monday": ("pause", "until Monday"),
    "pause until 3 Nov": ("pause", "until 3 Nov"),
    "pause until I say": ("pause", "until I say"),
    "on leave": ("leave", ""),
    "leave": ("leave", ""),
    "on leave until 3 Nov": ("leave", "until 3 Nov"),
    "I’m on leave from Monday until 2026-11-03": ("leave", "from Monday until 2026-11-03"),
    "skip": ("skip", ""),
    "Skip this week": ("skip", ""),
    "who sees this?": ("who", ""),
    "Who can see this": ("who", ""),
    "who sees what I write?": ("who", ""),
    "can my coach see this?": ("who", ""),
    "now": ("now", ""),
    "Reflect now": ("now", ""),
    "delete": ("delete", ""),
    "delete my data": ("delete", ""),
    "Settings": ("settings", ""),
    # A slip of the hand, alone, is no answer.
    "hepl": ("help", ""),
    "Settngs": ("settings", ""),
    "puase.": ("pause", ""),
    "resum": ("resume", ""),
    "mnie": ("mine", ""),
    "auyda": ("help", ""),
}


@pytest.mark.parametrize("said", COMMANDS)
def test_a_plain_word_alone_is_a_command(said: str) -> None:
    assert command(said) == Typed(*COMMANDS[said])


@pytest.mark.parametrize(
    "said",
    [
        "I tried to stop talking",
        "stop talking so early",
        "pause before answering",
        "pause until three hands are up",
        "pause until 3 hands are up",
        "leave room for their ideas",
        "start with the picture",
        "start Monday's launch with their disagreement",
        "help students say it in their own words",
        "skip counting by fives",
        "skip the warm-up",
        "who saw the pattern first",
        "not now",
        "now they ask each other",
        "delete the last row",
        "they went on leave",
        "settings of the clock",
        "resume where the menu ended",
        "setting",
        "hope",
        "line",
        "step",
        "leaves",
        "hepl them talk",
        "",
        "…",
        "stop " * 30,
    ],
)
def test_a_sentence_that_holds_the_word_is_not_a_command(said: str) -> None:
    assert command(said) is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("are you a bot?", "bot"),
        ("Who are you", "bot"),
        ("what do you do", "about"),
        ("how does this work?", "about"),
        ("when is my next check-in?", "next"),
        ("When do you write again?", "next"),
        ("when is Sam visiting?", "visit"),
        ("is Ms Lee coming tomorrow?", "visit"),
        ("what is my step", "step"),
        ("stop here", "enough"),
        ("that’s all for today.", "enough"),
        ("delete what I wrote", "unwrite"),
        ("pause until yesterday", "pause"),
        ("pause until banana", "pause"),
    ],
)
def test_a_question_about_the_product_and_a_way_out_are_heard_as_such(said: str, name: str) -> None:
    heard = command(said)
    assert heard is not None
    assert heard.name == name


@pytest.mark.parametrize(
    "said",
    [
        "what do you do when they all agree too soon",
        "when is it best to wait",
        "is it coming together yet",
        "what are you wondering about",
        "enough of them drew it",
        "pause until they have an answer",
    ],
)
def test_a_wondering_about_teaching_is_no_question_about_the_product(said: str) -> None:
    assert command(said) is None
