"""Reading JSON that somebody else wrote: wrong shapes become empty ones, so that callers can say what is wrong."""

from collections.abc import Iterator
from typing import cast

Json = dict[str, object]


def obj(value: object) -> Json:
    """The object, or an empty one."""
    return cast("Json", value) if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The string, or an empty one."""
    return value if isinstance(value, str) else ""


def objects(value: object) -> Iterator[Json]:
    """The objects of a list."""
    return (obj(item) for item in items(value) if isinstance(item, dict))
