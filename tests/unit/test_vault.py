"""Keys and envelopes: what opens, what does not, and what is told of it."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import vault
from bot.settings import Settings
from bot.vault import DataKey, Keyring, NoKeys, Tampered

KEY = bytes(range(32))
ABOUT = "reflection|words|org|1"
TEXT = st.text(st.characters(codec=None), max_size=200)


def line(name: str = "k1", key: bytes = KEY) -> str:
    return f"{name}:{base64.b64encode(key).decode()}"


def settings(**values: Any) -> Settings:  # noqa: ANN401 - as the settings take them
    return Settings(_env_file=None, **values)  # type: ignore[call-arg]  # pydantic-settings' own argument


@given(TEXT, st.text(max_size=40))
def test_what_was_sealed_opens_where_it_was_sealed(text: str, about: str) -> None:
    key = DataKey(1, KEY)
    assert key.unseal(key.seal(text, about), about) == text


@given(st.data())
def test_an_envelope_with_any_bit_changed_or_any_byte_cut_does_not_open(data: st.DataObject) -> None:
    sealed = DataKey(1, KEY).seal("A next step.", ABOUT)
    at = data.draw(st.integers(0, len(sealed) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    changed = sealed[:at] + bytes((sealed[at] ^ bit,)) + sealed[at + 1 :]
    for wrong in (changed, sealed[:at], sealed[:at] + sealed[at + 1 :], sealed + b"\0"):
        with pytest.raises(Tampered):
            DataKey(1, KEY).unseal(wrong, ABOUT)


@pytest.mark.parametrize(
    "about",
    ["next_step|words|org|1", "reflection|focus|org|1", "reflection|words|other|1", "reflection|words|org|2", ""],
)
def test_an_envelope_opens_in_its_own_place_alone(about: str) -> None:
    with pytest.raises(Tampered) as told:
        DataKey(1, KEY).unseal(DataKey(1, KEY).seal("A next step.", ABOUT), about)
    assert "next step" not in str(told.value)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Tampered):
        DataKey(1, vault.new_key()).unseal(DataKey(1, KEY).seal("words", ABOUT), ABOUT)


@pytest.mark.req("LOCK-5")
def test_nonces_never_repeat() -> None:
    sealed = [vault.seal(KEY, "d1", b"the same", ABOUT) for _ in range(20_000)]
    start = len(vault.head(sealed[0]))
    assert len({one[start : start + 12] for one in sealed}) == len(sealed)
    assert len({one[start + 12 :] for one in sealed}) == len(sealed)


def test_words_of_a_destroyed_generation_are_gone_and_those_of_the_next_are_not() -> None:
    old, new = DataKey(1, KEY), DataKey(2, vault.new_key())
    before, after = old.seal("before", ABOUT), new.seal("after", ABOUT)
    assert new.unseal(before, ABOUT) == ""
    assert new.unseal(after, ABOUT) == "after"
    assert DataKey(1, None).unseal(before, ABOUT) == ""
    for key in (old, DataKey(1, None)):
        with pytest.raises(Tampered):
            key.unseal(after, ABOUT)
    with pytest.raises(NoKeys):
        DataKey(1, None).seal("words", ABOUT)


def test_words_anywhere_in_a_value_are_sealed_and_everything_else_stays() -> None:
    value = {
        "card": {"blocks": [{"type": "quote", "words": {"type": "own", "text": "mine", "by": "ana"}}, ("a", 1, None)]},
        "own": {"type": "own", "text": "\ud800 yours", "by": "sam"},
        "empty": {},
    }
    keys = {"ana": DataKey(1, KEY), "sam": DataKey(3, vault.new_key())}
    assert vault.authors(value) == set(keys)
    sealed = vault.sealed_words(value, keys, ABOUT)
    assert "mine" not in str(sealed)
    assert "yours" not in str(sealed)
    opened = vault.opened_words(sealed, keys, ABOUT)
    assert opened["own"] == value["own"]
    assert opened["card"]["blocks"] == [
        {"type": "quote", "words": {"type": "own", "text": "mine", "by": "ana"}},
        ["a", 1, None],
    ]
    gone = vault.opened_words(sealed, {"ana": keys["ana"]}, ABOUT)
    assert gone["own"] == {"type": "own", "text": "", "by": "sam"}
    for text in ("mine", sealed["own"]["text"][:-1], "é"):
        with pytest.raises(Tampered):
            vault.opened_words({"type": "own", "by": "ana", "text": text}, keys, ABOUT)


def test_a_data_key_opens_under_its_master_key_alone() -> None:
    one, two = Keyring.of("k1"), Keyring.of("k2")
    wrapped = one.wrap(KEY, "data_key|wrapped|org|ana")
    assert one.unwrap(wrapped, "data_key|wrapped|org|ana") == KEY
    with pytest.raises(NoKeys, match="'k1' is missing"):
        two.unwrap(wrapped, "data_key|wrapped|org|ana")
    with pytest.raises(NoKeys, match="'k1' is not the one"):
        Keyring.of("k1").unwrap(wrapped, "data_key|wrapped|org|ana")
    with pytest.raises(NoKeys):
        one.unwrap(wrapped, "data_key|wrapped|org|ben")
    with pytest.raises(Tampered):
        one.unwrap(b"", "data_key|wrapped|org|ana")


def test_the_first_master_key_is_active_and_the_others_still_open() -> None:
    old = Keyring.read(line("old"), "BESIDE_KEYS")
    new = Keyring.read(f"{line('new', bytes(32))}, {line('old')}\n", "BESIDE_KEYS")
    assert (new.active, new.ids) == ("new", ("new", "old"))
    assert new.unwrap(old.wrap(KEY, "x"), "x") == KEY
    assert vault.key_id(new.wrap(KEY, "x")) == "new"


@pytest.mark.parametrize(
    "text",
    [
        "", " ,\n", "k1", "k1:", ":" + line().partition(":")[2], "k1:not base64", line(key=bytes(31)),
        line("k" * 256), f"{line()},{line(key=bytes(32))}",
    ],
)  # fmt: skip
def test_keys_that_cannot_be_used_are_told_in_one_line_that_does_not_show_them(text: str) -> None:
    with pytest.raises(NoKeys) as told:
        Keyring.read(text, "BESIDE_KEYS")
    assert "BESIDE_KEYS" in str(told.value)
    assert "\n" not in str(told.value)
    for part in text.replace("\n", ",").split(","):
        assert not part.partition(":")[2] or part.partition(":")[2] not in str(told.value)


def test_a_key_named_twice_is_one_key() -> None:
    assert Keyring.read(f"{line()},{line()}", "BESIDE_KEYS").ids == ("k1",)


@pytest.mark.req("LOCK-6")
def test_no_representation_shows_a_key() -> None:
    ring, key = Keyring.read(line(), "BESIDE_KEYS"), DataKey(1, KEY)
    assert repr(ring) == "Keyring(k1)"
    for shown in (repr(ring), str(ring), repr(key), str(key), f"{ring} {key}"):
        assert str(KEY) not in shown
        assert base64.b64encode(KEY).decode() not in shown


def test_a_look_up_is_keyed_and_is_not_the_key_of_the_words() -> None:
    assert vault.look_up(KEY, "ana@school.example") == vault.look_up(KEY, "ana@school.example")
    assert vault.look_up(KEY, "ana@school.example") != vault.look_up(bytes(32), "ana@school.example")
    assert vault.look_up(KEY, "ana@school.example") != vault.look_up(KEY, "ben@school.example")
    assert "ana" not in vault.look_up(KEY, "\ud800ana")


# ── where the keys come from ──


def test_beside_a_new_database_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    made = settings(database_url=f"sqlite:///{tmp_path / 'new' / 'b.sqlite3'}")
    first, second = Keyring.load(made), Keyring.load(made)
    file = tmp_path / "new" / "b.sqlite3.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert first.unwrap(second.wrap(KEY, "x"), "x") == KEY
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_a_key_that_another_process_made_at_the_same_moment_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file was not there when we looked, and is when we want to put ours."""
    file = tmp_path / "b.sqlite3.key"
    theirs = Keyring.beside(file)
    looked = iter([False])
    there = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: next(looked, None) if path == file else there(path))
    assert Keyring.beside(file).unwrap(theirs.wrap(KEY, "x"), "x") == KEY
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


def test_a_key_that_is_missing_beside_a_database_is_not_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "b.sqlite3"
    file.write_bytes(b"SQLite format 3\0 and more")
    with pytest.raises(NoKeys, match=r"b\.sqlite3\.key is missing"):
        Keyring.load(settings(database_url=f"sqlite:///{file}"))
    assert [one.name for one in tmp_path.iterdir()] == ["b.sqlite3"]


def test_keys_from_the_environment_go_before_a_file_and_a_file_before_one_of_our_own(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'b.sqlite3'}"
    file = tmp_path / "keys"
    file.write_text(line("file"), "utf-8")
    assert Keyring.load(settings(database_url=url, keys=line("given"))).ids == ("given",)
    assert Keyring.load(settings(database_url=url, keys_file=file)).ids == ("file",)
    assert not (tmp_path / "b.sqlite3.key").exists()
    with pytest.raises(NoKeys, match="BESIDE_KEYS_FILE cannot be read"):
        Keyring.load(settings(database_url=url, keys_file=tmp_path / "nothing"))


def test_a_place_where_no_key_can_be_put_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(NoKeys, match=r"b\.sqlite3\.key cannot be used"):
        Keyring.load(settings(database_url=f"sqlite:///{tmp_path / 'file' / 'b.sqlite3'}"))
