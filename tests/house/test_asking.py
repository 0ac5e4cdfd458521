"""Every sentence the product can say is held against the ask-don't-tell guard, in every language it speaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.data import data_path
from bot.guard import Kind, check, faults, read_rules
from bot.stems import read_library
from bot.words import read_lines

PROMPTS = data_path("prompts")
LANGUAGES = sorted(path.name for path in PROMPTS.iterdir() if path.is_dir())
GUARDED = [language for language in LANGUAGES if (PROMPTS / language / "guard.yaml").exists()]


def said(language: str) -> Iterator[tuple[str, str, Kind]]:
    """(where, what, kind) of all that stands in that language's folder."""
    folder = PROMPTS / language
    if (stems := folder / "stems.yaml").exists():
        library = read_library(stems, language)
        for stem in library.stems:
            for text in (stem.text, *stem.follow_ups):
                yield f"{language}/stems.yaml: {stem.id}", text, "stem"
        for line in library.reflect_back:
            yield f"{language}/stems.yaml: {line.id}", line.text, "bot"
        for noticing in library.coach_noticing:
            yield f"{language}/stems.yaml: {noticing.id}", noticing.text, "bot"
    for path in sorted((folder / "words").glob("*.yaml")):
        for one in read_lines(path):
            yield f"{one.where}: {one.key}", one.template, "bot" if one.kind == "bot" else "operational"


def test_every_language_that_says_something_has_rules_of_its_own() -> None:
    silent = [language for language in LANGUAGES if any(said(language)) and language not in GUARDED]
    assert not silent, f"write prompts/<language>/guard.yaml for {silent}"


@pytest.mark.parametrize("language", GUARDED)
def test_nothing_the_product_says_tells_instead_of_asking(language: str) -> None:
    found = [fault for where, text, kind in said(language) for fault in faults(where, text, kind, language)]
    assert not found, "\n".join(["ask instead:", *found])


def test_the_product_says_enough_for_this_to_mean_something() -> None:
    assert sum(1 for _ in said("en")) > 800


@pytest.mark.parametrize("language", GUARDED)
def test_every_rule_has_a_reason_a_question_that_passes_and_patterns_that_compile(language: str) -> None:
    book = read_rules(PROMPTS / language / "guard.yaml")
    assert book.language == language
    for rule in book.rules:
        assert rule.reason.endswith("."), rule.id
        assert rule.instead.rstrip("»”").endswith("?"), rule.id
        assert check(rule.instead, kind="stem", language=language) == (), rule.instead
        for find in rule.finds:
            find.compiled()


def test_languages_know_the_same_rules() -> None:
    ids = {language: [rule.id for rule in read_rules(PROMPTS / language / "guard.yaml").rules] for language in GUARDED}
    assert [language for language, known in ids.items() if sorted(known) != sorted(ids["en"])] == []


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("{nobody} should", "is no family and no phrase"),
        ("(you should", "a bracket is not closed"),
        ("you) should", "closed that was not opened"),
        ("you + should", "has no meaning"),
        ("you .* should", "has no meaning"),
    ],
)
def test_a_pattern_that_means_nothing_or_has_no_end_is_refused_by_name(pattern: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "en" / "guard.yaml"
    path.parent.mkdir()
    path.write_text(
        "language: en\ninstead: {telling: What else?}\nfamilies: {joins: and}\nphrases: {}\n"
        f"rules: [{{id: T-1, category: telling, reason: So., finds: ['{pattern}']}}]\n",
        "utf-8",
    )
    with pytest.raises(ValueError, match=told) as wrong:
        read_rules(path)
    assert "T-1" in str(wrong.value)
