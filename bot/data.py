"""Where the files that are not code live, and how a YAML file among them is read."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?")


def data_path(name: str) -> Path:
    """`prompts` or `migrations`, or something below: from the checkout if there is one, else from the wheel.

    Installed, the folder above `bot` belongs to everybody, so it counts only where the wheel brings nothing itself.
    """
    package = Path(__file__).resolve().parent
    beside, packed = package.parent / name, package / "_data" / name
    if beside.exists() and ((package.parent / "pyproject.toml").is_file() or not packed.exists()):
        return beside
    if packed.exists():
        return packed
    raise FileNotFoundError(f"{name} is neither at {beside} nor at {packed}; install Beside again")


@lru_cache(256)
def language_of(wanted: str, entry: str) -> str:
    """The language that serves this wish best and has that entry: itself, its main language, or English."""
    if LANGUAGE.fullmatch(wanted):
        for name in (wanted, wanted.partition("-")[0].lower()):
            if (data_path("prompts") / name / entry).exists():
                return name
    return "en"


def languages() -> tuple[str, ...]:
    """The languages there are words in, English first."""
    found = {path.parent.name for path in data_path("prompts").glob("*/words")}
    return ("en", *sorted(found - {"en"}))


def read_yaml(path: Path, *, only_text: bool = False) -> object:
    """The content of a YAML file; a key written twice is an error, because the first would be lost in silence.

    With `only_text` every value stays the words that were written, so that `no:` is a key and not False.
    """
    import yaml

    loader = _loaders()[only_text]
    with path.open(encoding="utf-8") as file:
        try:
            return yaml.load(file, Loader=loader)  # noqa: S506, TID251  # both are safe loaders, and stricter
        except yaml.YAMLError as error:
            raise ValueError(f"{path}: {error}") from error


@cache
def _loaders() -> tuple[Any, Any]:
    """The loader of values and the loader of texts, in C where PyYAML was built with it."""
    import yaml

    def loader(base: Any) -> Any:  # noqa: ANN401  # which class it is depends on how PyYAML was built
        class Once(base):  # type: ignore[misc]  # the same
            def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
                keys = [self.construct_object(key, deep=True) for key, _ in node.value]
                twice = sorted({str(key) for key in keys if keys.count(key) > 1})
                if twice:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"written twice: {', '.join(twice)}", node.start_mark
                    )
                return dict(super().construct_mapping(node, deep=deep))

        return Once

    return (
        loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)),
        loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)),
    )
