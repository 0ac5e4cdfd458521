"""The tree as the house tests read it: its files, less what .gitignore keeps out."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


def files(*folders: str, suffix: str = "") -> Iterator[Path]:
    """Every file of these folders (all of the tree without any), in order, that could be committed."""
    for folder in folders or ("",):
        yield from sorted(path for path in _walk(ROOT / folder) if path.name.endswith(suffix))


def kept_out(path: Path) -> bool:
    """Whether .gitignore names it. Only the few kinds of lines that ours has are understood."""
    relative = path.relative_to(ROOT).as_posix()
    if relative == ".git":
        return True
    for line in (ROOT / ".gitignore").read_text("utf-8").splitlines():
        pattern = line.strip().rstrip("/")
        if not pattern or pattern.startswith("#"):
            continue
        if fnmatch(relative, pattern[1:]) if pattern.startswith("/") else fnmatch(path.name, pattern):
            return True
    return False


def name(path: Path) -> str:
    """How a message names a file."""
    return path.relative_to(ROOT).as_posix()


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if kept_out(path):
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path
