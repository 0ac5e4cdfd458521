"""What every stem must hold: its size, its form, and its wording, by lists of each language (`wording.yaml`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import get_args

from msgspec import Struct

from bot.data import data_path, language_of, read_yaml
from bot.guard import check
from bot.stems.library import Focus, LessonPart, Library, Moment, Phase, Stem
from bot.stems.places import Fault, Lined

SHORTEST, LONGEST, CHARACTERS, FOLLOW_UP = 8, 26, 160, 15
NEAR = 0.82


class Wrong(Struct, frozen=True):
    """One rule that a stem does not hold: its field, the rule's name, what is wrong, and how to mend it."""

    field: str
    rule: str
    reason: str
    mend: str


class Wording(Struct, frozen=True):
    """One language's lists, each as a pattern of whole words."""

    open: re.Pattern[str]
    yes_or_no: re.Pattern[str]
    why: re.Pattern[str]
    tentative: re.Pattern[str]
    plural: re.Pattern[str]
    singular: frozenset[str]
    ending: str
    who: re.Pattern[str]
    students: re.Pattern[str]
    describing: re.Pattern[str]


def wrong_with(stem: Stem, language: str, *, ours: bool = True, adults: bool = False) -> tuple[Wrong, ...]:
    """Everything that is wrong with one stem by itself. `adults` says that its "who" is a colleague."""
    found: list[Wrong] = []
    words = len(stem.text.split())
    if not SHORTEST <= words <= LONGEST or len(stem.text) > CHARACTERS:
        mend = f"Say it in {SHORTEST} to {LONGEST} words, {CHARACTERS} characters at most."
        found.append(Wrong("text", "size", f"has {words} words and {len(stem.text)} characters", mend))
    for n, follow_up in enumerate(stem.follow_ups):
        if len(follow_up.split()) > FOLLOW_UP:
            found.append(Wrong(f"follow_ups.{n}", "long", "is long", f"Say it in {FOLLOW_UP} words at most."))
    for field, text in (("text", stem.text), *((f"follow_ups.{n}", one) for n, one in enumerate(stem.follow_ups))):
        found += [Wrong(field, *told) for told in _question(text, language, adults=adults)]
    found += [Wrong("text", *told) for told in _leaves_room(stem.text, language)]
    if stem.depth == 3 and "weekly_reflection" in stem.used_in:
        found.append(Wrong("depth", "deep", "is 3 in a weekly reflection", "Nobody is asked that deep every week."))
    if stem.audience == "coach" and not set(stem.used_in) <= {"coach_reflection", "mindset"}:
        mend = "A coach's own are for coach_reflection or mindset."
        found.append(Wrong("used_in", "moment", "is for a coach elsewhere", mend))
    if stem.audience != "coach" and "coach_reflection" in stem.used_in:
        mend = "Set audience to coach, or take it out."
        found.append(Wrong("used_in", "moment", "is a coach's moment for others", mend))
    if stem.id.startswith("x-") == ours:
        mend = "Ours leave x- to organizations." if ours else "An organization's own ids begin with x-."
        found.append(Wrong("id", "prefix", "has the wrong beginning", mend))
    return tuple(found)


def faults_of(
    path: Path, library: Library, others: Sequence[Stem] = (), *, ours: bool = True, name: str = ""
) -> tuple[Fault, ...]:
    """Every rule of wording against every stem of that file, and near copies among them and `others`."""
    lined = Lined(path, name)
    faults = []
    taken = {stem.id for stem in others}
    numbers = _numbers(path)
    for stem in library.stems:
        at = numbers.get(stem.id, 0)
        for wrong in wrong_with(stem, library.language, ours=ours, adults=stem.id in ABOUT_ADULTS):
            where, _, which = wrong.field.partition(".")
            line = lined.line("stems", at, where, *([int(which)] if which else []))
            faults.append(Fault(lined.name, line, stem.id, f"{wrong.field} {wrong.reason}", wrong.mend))
        if stem.id in taken:
            line = lined.line("stems", at, "id")
            faults.append(Fault(lined.name, line, stem.id, "is taken", "An id of ours stays ours: choose another."))
    for one, two in near_copies(library.stems, others):
        line = lined.line("stems", numbers.get(one.id, 0), "text")
        reason = f"is nearly {two.id}, “{two.text}”"
        faults.append(Fault(lined.name, line, one.id, reason, "Ask for something else, or leave it out."))
    return tuple(faults)


# A "who" of these is an adult: whose ideas led on, the teacher's or the coach's.
ABOUT_ADULTS = frozenset({"co-10"})


def near_copies(stems: Sequence[Stem], others: Iterable[Stem] = ()) -> Iterator[tuple[Stem, Stem]]:
    """Pairs that are too alike to be two questions."""
    old = tuple(others)
    for n, one in enumerate(stems):
        # A matcher remembers its second text, so that one is kept and the others are held against it.
        match = SequenceMatcher(None, "", one.text.lower())
        for two in (*stems[:n], *old):
            match.set_seq1(two.text.lower())
            if match.real_quick_ratio() >= NEAR and match.quick_ratio() >= NEAR and match.ratio() >= NEAR:
                yield one, two


def gaps(library: Library) -> tuple[str, ...]:
    """Which moments, focuses, parts and phases have too few active stems; the library must keep them covered."""
    active = [stem for stem in library.stems if stem.status == "active"]
    counted = Counter(moment for stem in active for moment in stem.used_in)
    found = [f"used_in {m}" for m in get_args(Moment) if counted[m] < (4 if m == "advice" else 8)]
    for kind, field, least in ((Focus, "focus", 10), (LessonPart, "lesson_part", 4), (Phase, "phase", 4)):
        have = Counter(getattr(stem, field) for stem in active)
        found += [f"{field} {value}" for value in get_args(kind) if have[value] < least]
    weekly = Counter(stem.focus for stem in active if "weekly_reflection" in stem.used_in)
    found += ["weekly_reflection"] if weekly.total() < 20 else []
    return (*found, *(f"weekly_reflection with focus {focus}" for focus in get_args(Focus) if weekly[focus] < 3))


def _question(text: str, language: str, *, adults: bool) -> Iterator[tuple[str, str, str]]:
    lists = wording(language)
    if text.count("?") != 1 or not text.endswith("?"):
        yield "one", "is not one question", "End with one question mark, and have no other."
    if "!" in text:
        yield "shouted", "is shouted", "Leave the exclamation mark out."
    asked = text.rpartition("¿")[2]
    if not lists.open.search(asked) or lists.yes_or_no.match(text.lstrip("¿ ")) or lists.yes_or_no.match(asked):
        yield "open", "can be answered by yes or no", "Ask what, how, which, where or when."
    if lists.why.search(text):
        yield "why", "asks why", "Ask what led to it, or what makes it so."
    if not adults and lists.who.search(lists.describing.sub("", text)) and lists.students.search(text):
        yield "who", "asks who a student is", "Ask what students did, so that no answer needs a name."
    for hit in check(text, author="organization", kind="stem", language=language):
        yield "guard", f"{hit.rule} “{hit.span}”. {hit.reason}", hit.instead


def _leaves_room(text: str, language: str) -> Iterator[tuple[str, str, str]]:
    lists = wording(language)
    if not lists.tentative.search(text):
        yield "tentative", "is certain", "Leave room with a word such as might, may, could or seemed."
    words = re.findall(r"[\w']+", text.lower())
    many = any(word.endswith(lists.ending) and word not in lists.singular and len(word) > 2 for word in words)
    if not lists.plural.search(text) and not many:
        mend = "Ask for some things, ways, parts or moments: then no answer is the right one."
        yield "plural", "asks for one thing", mend


@cache
def wording(language: str) -> Wording:
    """The lists of that language, of its main language, or the English ones."""
    path = data_path("prompts") / language_of(language, "wording.yaml") / "wording.yaml"
    content = read_yaml(path, only_text=True)
    expected = {"open", "yes_or_no", "before", "why", "tentative", "plural", "plural_ending", "singular", "who",
                "students", "describing"}  # fmt: skip
    if not isinstance(content, dict) or set(content) != expected:
        raise ValueError(f"{path}: expected {', '.join(sorted(expected))}")
    one = {
        key: tuple(word.strip() for entry in value for word in entry.split(","))
        for key, value in content.items()
        if isinstance(value, list)
    }
    before = "|".join(map(re.escape, one["before"]))
    starts = "|".join(map(_shape, one["yes_or_no"]))
    return Wording(
        open=_any(one["open"]),
        yes_or_no=re.compile(rf"^(?:(?:{before}),? )?(?:{starts})\b", re.IGNORECASE),
        why=_any(one["why"]),
        tentative=_any(one["tentative"]),
        plural=_any(one["plural"]),
        singular=frozenset(one["singular"]),
        ending=str(content["plural_ending"]),
        who=_any(one["who"]),
        students=_any(one["students"]),
        describing=_any(one["describing"]),
    )


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(_shape, words))})\b", re.IGNORECASE)


def _shape(word: str) -> str:
    return re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "")


def _numbers(path: Path) -> dict[str, int]:
    """At which place of the file's list each stem stands: entries that could not be read leave no gap behind."""
    content = read_yaml(path)
    entries = content.get("stems") if isinstance(content, dict) else None
    listed = enumerate(entries if isinstance(entries, list) else [])
    return {str(entry.get("id")): n for n, entry in listed if isinstance(entry, dict)}
