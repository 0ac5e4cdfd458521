"""Where in a YAML file something stands, and what is wrong there."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct


class Fault(Struct, frozen=True):
    """One thing that is wrong: the file, its line, which entry it is about, the reason, and how to mend it."""

    file: str
    line: int
    about: str
    reason: str
    mend: str = ""

    def __str__(self) -> str:
        about = f"{self.about}: " if self.about else ""
        return f"{self.file}:{self.line}: {about}{self.reason.rstrip('.')}. {self.mend}".rstrip()


class Lined:
    """A YAML file whose lines can be asked for. It is read a second time only where there is something to tell."""

    def __init__(self, path: Path, name: str = "") -> None:
        self._path = path
        self.name = name or "/".join(path.parts[-3:])

    def line(self, *keys: str | int) -> int:
        """The line of what stands under these keys and numbers, as far as they lead."""
        node, line = self._root, 1
        for key in keys:
            found = _below(node, key)
            if found is None:
                break
            node, line = found
        return line

    def unreadable(self, error: Exception) -> Fault:
        """A file that is no YAML, or not there, as a fault of its own."""
        at = re.search(r"line (\d+)", str(error))
        reason = str(error).partition(": ")[2] or str(error)
        return Fault(self.name, int(at[1]) if at else 1, "", " ".join(reason.split()), "Mend this line first.")

    @cached_property
    def _root(self) -> Any:  # noqa: ANN401  # a node of PyYAML, which has no types of its own
        import yaml

        with self._path.open(encoding="utf-8") as file:
            return yaml.compose(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _below(node: Any, key: str | int) -> tuple[Any, int] | None:  # noqa: ANN401  # nodes of PyYAML
    import yaml

    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == str(key):
                return value, name.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key].start_mark.line + 1
    return None
