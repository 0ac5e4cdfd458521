"""The question library: what a stem is, how the file is read, and how one question is picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from bot.data import data_path, language_of, read_yaml

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

REMEMBERED = 8
NEWCOMER = 3

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


def pick(
    library: Library,
    *,
    moment: str,
    audience: str,
    person: str,
    iso_week: str,
    asked: tuple[str, ...],
    answered: int,
    focus_counts: Mapping[str, int],
    phases: tuple[str, ...] = (),
    focus: str | None = None,
    lesson_part: str | None = None,
    depth_max: int | None = None,
    avoid: Stem | None = None,
    team_asked: frozenset[str] = frozenset(),
) -> Stem:
    """The question for this person now; the same facts give the same question.

    `asked` is latest first. `depth_max` 3 is for a debrief with a coach present or someone who chose to go deeper;
    nobody starts there. `avoid` is the stem they asked to change: another focus or lesson part follows.
    """
    pool = [s for s in library.stems if s.status == "active" and moment in s.used_in and s.audience == audience]
    if not pool:
        raise LookupError(f"no active stem for {audience} in {moment}; check stems.yaml of {library.language}")
    deepest = 1 if answered < NEWCOMER else 2 if depth_max is None else depth_max
    pool = [s for s in pool if s.depth <= max(deepest, min(s.depth for s in pool))]
    if avoid is not None:
        others = [s for s in pool if (s.focus, s.lesson_part) != (avoid.focus, avoid.lesson_part)]
        pool = others or [s for s in pool if s.id != avoid.id] or pool
    narrow = [s for s in pool if lesson_part in (None, s.lesson_part) or s.lesson_part == "any"]
    narrow = [s for s in narrow if focus in (None, s.focus)]
    chosen = _allowed(narrow, phases, asked) or _allowed(pool, (), asked)
    chosen = [s for s in chosen if s.id not in team_asked] or chosen
    rarest = min(focus_counts.get(s.focus, 0) for s in chosen)
    return min(
        (s for s in chosen if focus_counts.get(s.focus, 0) == rarest),
        key=lambda s: sha256(f"{person} {iso_week} {s.id}".encode()).hexdigest(),
    )


def pick_follow_up(stem: Stem, seed: str = "") -> str:
    """The first follow-up; with a seed, one of them, always the same for the same seed."""
    if not seed:
        return stem.follow_ups[0]
    return stem.follow_ups[sha256(f"{seed} {stem.id}".encode()).digest()[0] % len(stem.follow_ups)]


def read_library(path: Path, language: str) -> Library:
    """One library file; every fault is named with the file and the stem it is in."""
    where = "/".join(path.parts[-3:])
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise ValueError(f"{where}: expected a map with a list named stems")
    known = {"version", "language", "taxonomy", *Library.__struct_fields__}
    if unknown := sorted(set(map(str, content)) - known):
        raise ValueError(f"{where}: unknown field {', '.join(unknown)}")

    library = Library(
        language=language,
        stems=_read(content, "stems", Stem, where),
        reflect_back=_read(content, "reflect_back", ReflectLine, where),
        coach_noticing=_read(content, "coach_noticing", NoticingLine, where),
        signals=_read(content, "signals", Signals, where),
    )
    ids = [s.id for s in library.stems] + [line.id for line in library.reflect_back]
    ids += [line.id for line in library.coach_noticing]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise ValueError(f"{where}: {', '.join(twice)} is there twice; an id is never reused")
    return library


@cache
def _load(language: str) -> Library:
    return read_library(data_path("prompts") / language / "stems.yaml", language)


def _allowed(stems: Sequence[Stem], phases: tuple[str, ...], asked: tuple[str, ...]) -> list[Stem]:
    """What was not asked lately, in one of the phases; memory shortens until something is left."""
    for memory in range(REMEMBERED, -1, -1):
        if found := [s for s in stems if s.id not in asked[:memory] and (not phases or s.phase in phases)]:
            return found
    return []


def _read(content: Mapping[str, object], field: str, kind: type[Entry], where: str) -> tuple[Entry, ...]:
    entries = content.get(field, [])
    if not isinstance(entries, list):
        raise ValueError(f"{where}: {field} is not a list")
    read = []
    for number, entry in enumerate(entries, start=1):
        try:
            read.append(msgspec.convert(entry, kind))
        except msgspec.ValidationError as error:
            name = entry.get("id", entry.get("family")) if isinstance(entry, dict) else None
            raise ValueError(f"{where}: {field} {name or f'number {number}'}: {error}") from None
    return tuple(read)
