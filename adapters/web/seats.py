"""Who sits where on the page, and who else may be asked over."""

from __future__ import annotations

from collections.abc import Sequence

from bot.platform import Face


def named(faces: Sequence[Face], name: str) -> Face | None:
    """By handle or id."""
    return next((face for face in faces if name in (face.handle, face.id)), None)


def seated(faces: Sequence[Face], left: Face | None, right: Face | None) -> list[Face]:
    """Two people side by side: as asked, else the first teacher and their coach, else whoever there is."""
    free = [face for face in faces if face != right]
    first = left or next((face for face in free if face.role == "teacher"), None) or next(iter(free), None)
    rest = [face for face in faces if face != first]
    if first is None or not rest:
        return [first] if first else []
    if right is None or right == first:
        partners = (face for face in rest if first.partner in (face.id, face.handle) or face.partner == first.id)
        right = next(partners, None) or next((face for face in rest if face.role != first.role), rest[0])
    return [first, right]


def others(faces: Sequence[Face], face: Face, beside: Face | None) -> tuple[list[Face], str]:
    """Who may be opened on a side, this face included, and what choosing is called there."""
    if face.role == "teacher" and (beside is None or beside.role != "teacher"):
        return [one for one in faces if one.role == "teacher"], "Teacher on this side"
    return [one for one in faces if one != beside], "Person on this side"
