"""Every card and form on every platform: drawn, taken, and saying what `plain()` says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.cards import Button, Buttons, Card, Details, Fact, Form, plain
from tests.contract import snapshots
from tests.contract.content import content, difference, lost, squeezed
from tests.contract.driver import NAMES, Driver, driver
from tests.contract.gallery import KEPT, Shown, dialogs
from tests.contract.synthetic import CARDS, EXTREMES

platforms = pytest.mark.parametrize("name", NAMES)
UPDATE = "look at what changed, and if it is meant: `make gallery`"


def faults(one: Driver, shown: Shown) -> list[str]:
    """What is wrong with this card on this platform."""
    drawn = one.draw(shown)
    read = one.read(drawn)
    longest = max((len(part) for part in content(shown)), default=0)
    if longest <= one.LABEL and sum(map(len, content(shown))) <= one.WHOLE:
        said = difference(shown, read)
        return [*one.problems(drawn), *([said] if said else [])]
    return [*one.problems(drawn), *(f"lost: {piece[:60]}" for piece in lost(shown, read))]


@platforms
@pytest.mark.parametrize("sheet", snapshots.SHEETS)
def test_the_platform_takes_what_the_product_draws_and_shows_all_of_it_and_nothing_else(name: str, sheet: str) -> None:
    one = driver(name)
    wrong = {plain(shown)[:60]: told for shown in snapshots.sheet(sheet) if (told := faults(one, shown))}
    assert wrong == {}


@platforms
@pytest.mark.parametrize("extreme", EXTREMES)
def test_the_most_of_everything_is_drawn_and_taken_and_nothing_comes_alive(name: str, extreme: str) -> None:
    assert faults(driver(name), EXTREMES[extreme]) == []


@platforms
@given(CARDS)
@settings(max_examples=100)
def test_any_card_says_on_the_platform_what_it_says_in_plain_words(name: str, card: Card) -> None:
    assert faults(driver(name), card) == []


@platforms
@pytest.mark.parametrize("sheet", snapshots.SHEETS)
def test_a_drawing_looks_as_it_did(name: str, sheet: str) -> None:
    one = driver(name)
    kept = snapshots.path(name, one, sheet)
    assert kept.exists(), f"there is no {kept.name} for {name}: {UPDATE}"
    assert snapshots.drawn(one, sheet).split("\n") == kept.read_text("utf-8").split("\n"), UPDATE


def test_no_snapshot_is_left_of_what_is_gone() -> None:
    wanted = {snapshots.path(name, driver(name), sheet) for name in NAMES for sheet in snapshots.SHEETS}
    wanted |= {KEPT / f"{dialog}.json" for dialog in dialogs()}
    found = {path for folder in (snapshots.FOLDER, KEPT) for path in folder.rglob("*") if path.is_file()}
    assert found - wanted == set(), UPDATE


# ── The yardstick itself ──


@given(CARDS)
def test_plain_words_hold_the_whole_content_and_nothing_besides(card: Card) -> None:
    assert squeezed(plain(card)) == squeezed("".join(content(card)))


@pytest.mark.parametrize("sheet", snapshots.SHEETS)
def test_the_gallery_in_plain_words_holds_its_whole_content(sheet: str) -> None:
    for shown in snapshots.sheet(sheet):
        if isinstance(shown, Form):
            parts = set(content(shown))
            assert all(line in "\n".join(parts) for line in plain(shown).split("\n"))
        else:
            assert squeezed(plain(shown)) == squeezed("".join(content(shown)))


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (["Day", "Tuesday", "[Send]", "[Drop]"], True),
        (["Day: ", "Tuesday", "[Drop]", "[Send]"], True),
        (["Tuesday", "Day", "[Send]", "[Drop]"], False),
        (["Day", "Tuesday", "[Send]"], False),
        (["Day", "Tuesday", "[Send]", "[Drop]", "[Drop]"], False),
        (["Day", "Tuesday", "or so", "[Send]", "[Drop]"], False),
        (["Day", "[Send]", "[Drop]", "Tuesday"], False),
    ],
)
def test_a_piece_that_is_missing_added_or_moved_is_a_difference(read: list[str], said: bool) -> None:
    card = Card(blocks=(Details((Fact("Day", "Tuesday"),)), Buttons((Button("s", "Send"), Button("d", "Drop")))))
    assert (difference(card, read) == "") is said
