"""How one question is picked: the same facts give the same question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from bot.stems.library import Library, Stem

REMEMBERED = 8
NEWCOMER = 3


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


def _allowed(stems: Sequence[Stem], phases: tuple[str, ...], asked: tuple[str, ...]) -> list[Stem]:
    """What was not asked lately, in one of the phases; memory shortens until something is left."""
    for memory in range(REMEMBERED, -1, -1):
        if found := [s for s in stems if s.id not in asked[:memory] and (not phases or s.phase in phases)]:
            return found
    return []
