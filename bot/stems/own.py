"""An organization's own questions beside ours: the same shape and the same rules, kept with the organization."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from bot.flow import derived
from bot.records import Own, Question
from bot.stems.library import Library, Stem

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def stem_of(question: Question) -> Stem:
    """The question as a stem; what it is by now, asked or retired, stands on the record."""
    return replace(msgspec.json.decode(question.stem.text, type=Stem), status=question.status)


def question_of(stem: Stem, *, organization: str, by: str, language: str, at: datetime) -> Question:
    """The stem as it is kept: one row for each id and language, sealed under the organization's key."""
    return Question(
        id=derived(organization, "question", language, stem.id),
        organization=organization,
        by=by,
        language=language,
        at=at,
        status=stem.status,
        stem=Own(msgspec.json.encode(stem).decode(), organization),
    )


def with_own(library: Library, questions: Iterable[Question]) -> Library:
    """Ours and theirs; retired ones are there to be read, and are never asked."""
    own = tuple(stem_of(question) for question in questions if question.stem.text)
    return replace(library, stems=(*library.stems, *own)) if own else library


def new_id(*parts: str) -> str:
    """An id that nobody has to think of: x-abc-def-12, made from what it belongs to."""
    drawn = sha256("\x1f".join(parts).encode()).digest()
    letters = "".join(_LETTERS[byte % 26] for byte in drawn[:6])
    return f"x-{letters[:3]}-{letters[3:]}-{drawn[6] % 100:02d}"
