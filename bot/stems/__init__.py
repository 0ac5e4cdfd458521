"""The question library: what a stem is, what every one must hold, and how one is picked."""

from __future__ import annotations

from bot.stems.library import (
    Audience,
    Focus,
    LessonPart,
    Library,
    Moment,
    Need,
    Phase,
    ReflectLine,
    Stem,
    Strength,
    read_book,
    read_library,
)
from bot.stems.picking import pick, pick_follow_up
from bot.stems.places import Fault
from bot.stems.rules import faults_of, gaps, near_copies, wrong_with

__all__ = [
    "Audience", "Fault", "Focus", "LessonPart", "Library", "Moment", "Need", "Phase", "ReflectLine", "Stem",
    "Strength", "faults_of", "gaps", "near_copies", "pick", "pick_follow_up", "read_book", "read_library", "wrong_with",
]  # fmt: skip
