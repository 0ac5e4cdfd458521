"""What the guard would say to a coach before their words go out. The coach decides, and nobody else ever sees it."""

from __future__ import annotations

from bot.cards import Button, Card, Label, Quote, Seen
from bot.flow import Facts
from bot.flows.drawing import rows
from bot.guard import check
from bot.records import Own, Person


def suggestion(words: Own, other: Person, facts: Facts, *, edit: str, send: str) -> Card | None:
    """What was caught, why, and one way to ask it instead; `edit` and `send` are the verbs of its two buttons.

    None where nothing is caught. A teacher's words are theirs: nothing is.
    """
    hits = check(words.text, author="coach" if facts.me.role == "coach" else "teacher", language=facts.say.language)
    if not hits:
        return None
    say, hit = facts.say, hits[0]
    title = say.plain("suggesting.title", other=other.first)
    return Card(
        title=title,
        framed=True,
        blocks=(
            Label(title),
            Quote(words),
            say("suggesting.caught", span=Own(hit.span, words.by), reason=hit.reason),
            say("suggesting.instead", question=hit.instead),
            *rows((
                Button(edit, say.button("suggesting.edit")),
                Button(send, say.button("suggesting.as_it_is")),
            )),
            Seen(say.plain("suggesting.only_you"), 1),
        ),
    )  # fmt: skip
