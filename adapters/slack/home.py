"""Whose event this is: the workspace, or the whole organization on an Enterprise Grid, that let us in. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ID = re.compile(r"[A-Za-z0-9._:\-]{1,255}")


def homes_of(body: Mapping[str, object]) -> tuple[str, ...]:
    """The ids under which we may have been let in, the likeliest first."""
    let_in = _first_of(body.get("authorizations")) or body
    team = _one(let_in.get("team_id")) or _one(body.get("team_id")) or _id_of(body.get("team"))
    enterprise = _one(let_in.get("enterprise_id")) or _one(body.get("enterprise_id")) or _id_of(body.get("enterprise"))
    wide = let_in.get("is_enterprise_install") in (True, "true")
    found = (enterprise, team) if wide else (team, enterprise)
    return tuple(dict.fromkeys(one for one in found if one))


def _first_of(value: object) -> Mapping[str, object]:
    match value:
        case [{**one}, *_]:
            return {str(name): held for name, held in one.items()}
        case _:
            return {}


def _id_of(value: object) -> str:
    match value:
        case {"id": one}:
            return _one(one)
        case _:
            return ""


def _one(value: object) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""
