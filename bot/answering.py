"""What becomes of an answer before it leaves: its cards learn where they belong, or it turns into a parcel."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import Answer, Card, Form, OnlyYou, Open, Replace
from bot.events import Account, AnyEvent, Due, FromPlatform
from bot.words import Lines


def stamped(answer: Answer, thread: str, version: int) -> Answer:
    """Cards and forms carry the thread and version that their buttons will bring back."""
    match answer:
        case OnlyYou(card):
            return OnlyYou(replace(card, thread=thread, version=version))
        case Replace(card):
            return Replace(replace(card, thread=thread, version=version))
        case Open(form, late):
            return Open(replace(form, thread=thread, version=version), late)
        case _:
            return answer


def to_post(event: FromPlatform, answer: Answer) -> Card | Form | None:
    """What has to come as a message, because it cannot be given where this happened."""
    match answer:
        case OnlyYou(shown) if "only_you" in event.posts:
            return shown
        case Replace(shown) if "replace" in event.posts:
            return shown
        case Open(shown) if "open" in event.posts:
            return shown
        case _:
            return None


def line(key: str, event: AnyEvent, **more: str) -> OnlyYou:
    """One kind line to somebody we have no thread with."""
    return OnlyYou(Card(blocks=(words_for(event)(key, **more),)))


def barred(by: Account) -> str:
    """The line to whoever is none of ours: a workspace on Slack is an organization on Teams."""
    return (
        f"house.{by.barred}_teams"
        if by.platform == "teams" and by.barred in ("guest", "stranger")
        else f"house.{by.barred}"
    )


def words_for(event: AnyEvent) -> Lines:
    """The language of whoever we know nothing of but where they came from."""
    return Lines.load("en" if isinstance(event, Due) else event.by.locale)
