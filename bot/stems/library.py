"""The question library: what a stem is, and how its file is read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct

from bot.data import data_path, language_of, read_yaml
from bot.stems.places import Fault, Lined

Audience = Literal["teacher", "team", "coach"]
Focus = Literal["data", "pedagogy", "intervention", "relationship"]
Phase = Literal["notice", "wonder", "plan", "try", "learn", "adapt"]
LessonPart = Literal["any", "number_talk", "launch", "main_lesson", "menu", "closure"]
Moment = Literal[
    "weekly_reflection",
    "co_plan",
    "co_teach_prep",
    "co_teach_debrief",
    "student_work_sort",
    "data_conversation",
    "inquiry_cycle",
    "mindset",
    "first_meeting",
    "coach_reflection",
    "stuck",
    "advice",
]
Strength = Literal["noticed_thinking", "made_room", "asked", "responded", "took_step", "honest", "curious", "believed"]
Family = Strength | Literal["plain", "organise", "short", "not_yet", "close"]
Need = Literal["step_tapped_tried", "echo_a", "echo_b"]

StemId = Annotated[str, Meta(pattern=r"^(x-)?[a-z]{2,3}(-[a-z]{3})?-\d{2}$")]
Tag = Annotated[str, Meta(pattern=r"^[a-z_]+$")]

Entry = TypeVar("Entry", bound=Struct)


class Stem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question. Its id is never reused: answers point at it for years."""

    id: StemId
    text: Annotated[str, Meta(min_length=1, max_length=160)]
    audience: Audience
    focus: Focus
    phase: Phase
    lesson_part: LessonPart
    depth: Annotated[int, Meta(ge=1, le=3)]
    used_in: Annotated[tuple[Moment, ...], Meta(min_length=1)]
    follow_ups: tuple[str, str]
    strength: Strength
    tags: Annotated[tuple[Tag, ...], Meta(min_length=1)]
    status: Literal["active", "draft", "retired"]


class ReflectLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line that hands someone's words back; it is used only where what it `needs` is so.

    With an `audience` it is said to them alone: what speaks of students says nothing to a coach about teachers.
    """

    id: str
    family: Family
    text: str
    audience: Literal["", "teacher"] = ""
    needs: tuple[Need, ...] = ()


class NoticingLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line with blanks that a human coach fills."""

    id: str
    text: str


class Signals(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that are evidence for a strength: `^` at the start of a sentence only, `*` any ending."""

    family: Strength
    any: tuple[str, ...]


class Library(Struct, frozen=True, kw_only=True):
    """All content of one `stems.yaml`."""

    language: str
    stems: tuple[Stem, ...]
    reflect_back: tuple[ReflectLine, ...] = ()
    coach_noticing: tuple[NoticingLine, ...] = ()
    signals: tuple[Signals, ...] = ()

    @staticmethod
    def load(language: str = "en") -> Library:
        """The library of that language, of its main language, or English."""
        return _load(language_of(language, "stems.yaml"))

    def stem(self, id: str) -> Stem:
        """The stem with that id, asked or retired."""
        for stem in self.stems:
            if stem.id == id:
                return stem
        raise KeyError(f"no stem {id} in the {self.language} library; ids are never reused, so look for it in git")


def read_library(path: Path, language: str) -> Library:
    """One library file of ours; every fault of form is named with its file and line."""
    book, faults = read_book(path, language)
    if book is None or faults:
        raise ValueError("\n".join(map(str, faults)))
    return book


def read_book(path: Path, language: str, name: str = "") -> tuple[Library | None, tuple[Fault, ...]]:
    """What can be read of a library file, and everything that can not, each with its line and how to mend it."""
    lined = Lined(path, name)
    try:
        content = read_yaml(path)
    except (ValueError, OSError) as error:
        return None, (lined.unreadable(error),)
    if not isinstance(content, dict):
        return None, (Fault(lined.name, 1, "", "expected a map", "Begin with stems: and a list below it."),)
    known = {"version", "language", "taxonomy", *Library.__struct_fields__}
    faults = [
        Fault(lined.name, lined.line(name), "", f"unknown field {name}", f"Known are {', '.join(sorted(known))}.")
        for name in map(str, content)
        if name not in known
    ]
    read = {
        name: _read(content, name, kind, lined, faults)
        for name, kind in (
            ("stems", Stem), ("reflect_back", ReflectLine), ("coach_noticing", NoticingLine), ("signals", Signals),
        )
    }  # fmt: skip
    library = Library(language=language, **read)  # type: ignore[arg-type]  # each list holds its own kind
    _twice(content, lined, faults)
    return library, tuple(faults)


@cache
def _load(language: str) -> Library:
    return read_library(data_path("prompts") / language / "stems.yaml", language)


def _twice(content: Mapping[str, object], lined: Lined, faults: list[Fault]) -> None:
    seen: set[str] = set()
    for field in ("stems", "reflect_back", "coach_noticing"):
        entries = content.get(field)
        for n, entry in enumerate(entries if isinstance(entries, list) else []):
            name = str(entry.get("id")) if isinstance(entry, dict) else ""
            if name and name in seen:
                mend = "An id is never reused: give one of the two a new one."
                faults.append(Fault(lined.name, lined.line(field, n, "id"), name, "is there twice", mend))
            seen.add(name)


def _read(
    content: Mapping[str, object], field: str, kind: type[Entry], lined: Lined, faults: list[Fault]
) -> tuple[Entry, ...]:
    entries = content.get(field, [])
    if not isinstance(entries, list):
        faults.append(
            Fault(lined.name, lined.line(field), "", f"{field} is not a list", "Begin each entry with a dash.")
        )
        return ()
    read = []
    for n, entry in enumerate(entries):
        try:
            read.append(msgspec.convert(entry, kind))
        except msgspec.ValidationError as error:
            name = entry.get("id", entry.get("family")) if isinstance(entry, dict) else None
            reason, _, at = str(error).partition(" - at `$.")
            if "matching regex" in reason or "`Literal[" in reason or "Invalid enum" in reason:
                reason = "is none of those that there are" if "enum" in reason else "does not look like one"
            wrong = at.partition("`")[0].partition("[")[0]
            mend = _ALLOWED.get(wrong) or f"The fields are {', '.join(kind.__struct_fields__)}."
            line = lined.line(field, n, wrong) if wrong else lined.line(field, n)
            about = f"{wrong}: {reason}" if wrong else reason
            faults.append(Fault(lined.name, line, str(name or f"{field}, number {n + 1}"), about, mend))
    return tuple(read)


_ALLOWED = {
    "id": "An id looks like wr-ped-01; an organization's own begins with x-.",
    "audience": f"One of {', '.join(get_args(Audience))}.",
    "focus": f"One of {', '.join(get_args(Focus))}.",
    "phase": f"One of {', '.join(get_args(Phase))}.",
    "lesson_part": f"One of {', '.join(get_args(LessonPart))}.",
    "depth": "1, 2 or 3.",
    "used_in": f"A list of one or more of {', '.join(get_args(Moment))}.",
    "follow_ups": "A list of exactly two questions.",
    "strength": f"One of {', '.join(get_args(Strength))}.",
    "tags": "A list of one or more words of small letters.",
    "status": "One of active, draft, retired.",
    "text": "A question of 8 to 26 words, 160 characters at most.",
}
