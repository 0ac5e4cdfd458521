"""Keys: master keys from outside, a data key for each person, and words sealed under them."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from bot.settings import Settings

_VERSION = 1
_NONCE = 12
_KEY = 32
_LABEL = 255
_SQLITE = b"SQLite format 3\0"


class NoKeys(Exception):
    """The master keys are missing, unreadable, or not the ones that this database was sealed with."""


class Tampered(Exception):
    """A ciphertext was moved, cut or changed: it does not open where it stands."""


class Keyring:
    """Master keys by id; the first is active. They wrap data keys and never seal words themselves."""

    def __init__(self, masters: dict[str, bytes]) -> None:
        self._masters = masters
        self.active = next(iter(masters))
        # By organization, what repeated commands are recognized with for a minute: derived, so it opens nothing.
        self.of_commands: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._masters)})"

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._masters)

    @classmethod
    def of(cls, *names: str) -> Keyring:
        """New random keys under these names."""
        return cls({name: secrets.token_bytes(_KEY) for name in names})

    @classmethod
    def read(cls, text: str, where: str) -> Keyring:
        """`id:base64` of 32 bytes, separated by commas or lines."""
        masters: dict[str, bytes] = {}
        for part in filter(None, (piece.strip() for piece in text.replace("\n", ",").split(","))):
            name, _, value = part.partition(":")
            try:
                key = base64.b64decode(value, validate=True)
            except binascii.Error:
                key = b""
            if not name or len(name.encode()) > _LABEL or len(key) != _KEY:
                raise NoKeys(f"{where} must hold id:base64 of 32 bytes; make one with `openssl rand -base64 32`.")
            if masters.setdefault(name, key) != key:
                raise NoKeys(f"{where} holds two different keys named {name!r}. Give the newer one another name.")
        if not masters:
            raise NoKeys(f"{where} holds no key; make one with `openssl rand -base64 32` and write it as k1:….")
        return cls(masters)

    @classmethod
    def load(cls, settings: Settings) -> Keyring:
        """From the environment or its file; with SQLite and neither, from a file beside the database, made once."""
        if settings.keys is not None:
            return cls.read(settings.keys.get_secret_value(), "BESIDE_KEYS")
        if settings.keys_file is not None:
            try:
                return cls.read(settings.keys_file.read_text("utf-8"), "BESIDE_KEYS_FILE")
            except OSError as fault:
                raise NoKeys(f"The file named by BESIDE_KEYS_FILE cannot be read ({fault.strerror}).") from None
        url = settings.database_url.get_secret_value()
        if not url.startswith("sqlite"):
            raise NoKeys("BESIDE_KEYS is missing. With PostgreSQL the master key must come from you: BESIDE_KEYS=k1:….")
        file = Path(url.partition("///")[2].partition("?")[0])
        key = file.with_name(file.name + ".key")
        if not key.exists() and _is_database(file):
            raise NoKeys(f"The key file {key.name} is missing beside the database. Put it back, or set BESIDE_KEYS.")
        try:
            return cls.beside(key)
        except OSError as fault:
            raise NoKeys(f"The key file {key.name} cannot be used ({fault.strerror}).") from None

    @classmethod
    def beside(cls, path: Path) -> Keyring:
        """The key file next to an SQLite database, readable by its owner only; it is there whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            line = f"k1:{base64.b64encode(secrets.token_bytes(_KEY)).decode()}\n"
            draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            try:
                # Unlike a rename, a link never replaces the key that another process has just made.
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return cls.read(path.read_text("utf-8"), path.name)

    def wrap(self, key: bytes, about: str) -> bytes:
        """A data key, sealed under the active master key for its owner alone."""
        return seal(self._masters[self.active], self.active, key, about)

    def unwrap(self, wrapped: bytes, about: str) -> bytes:
        name = key_id(wrapped)
        if name not in self._masters:
            raise NoKeys(f"The master key {name!r} is missing from BESIDE_KEYS; this database was sealed with it.")
        try:
            return unseal(self._masters[name], wrapped, about)
        except Tampered:
            raise NoKeys(f"The master key {name!r} is not the one this database was sealed with.") from None


def _is_database(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(_SQLITE)) == _SQLITE


def look_up(key: bytes, text: str) -> str:
    """A keyed hash for finding something without keeping it, such as an e-mail address."""
    return print_of(derived(key, "look-up"), text)


def derived(key: bytes, use: str) -> bytes:
    """A key for that use alone, from which the one it comes from cannot be found."""
    return hmac.digest(key, f"beside {use}".encode(), "sha256")


def print_of(key: bytes, text: str) -> str:
    """The hash itself, under a key that was derived for nothing else."""
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def seal(key: bytes, name: str, plain: bytes, about: str) -> bytes:
    """`version ‖ key id ‖ nonce ‖ ciphertext`; `about` binds it to its table, column, organization and row."""
    label = name.encode()
    head = bytes((_VERSION, len(label))) + label
    nonce = os.urandom(_NONCE)
    return head + nonce + AESGCM(key).encrypt(nonce, plain, head + about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    try:
        start = 2 + sealed[1]
        head, nonce, cipher = sealed[:start], sealed[start : start + _NONCE], sealed[start + _NONCE :]
        return AESGCM(key).decrypt(nonce, cipher, head + about.encode())
    except (InvalidTag, IndexError, ValueError):
        raise Tampered(f"a ciphertext in {about.split('|', maxsplit=1)[0]} does not open where it stands") from None


def key_id(sealed: bytes) -> str:
    if len(sealed) < 2 or sealed[0] != _VERSION:
        raise Tampered("an envelope of an unknown version")
    return sealed[2 : 2 + sealed[1]].decode("utf-8", "replace")


def head(sealed: bytes) -> bytes:
    """What every envelope under the same key begins with."""
    return sealed[: 2 + sealed[1]]


def new_key() -> bytes:
    return secrets.token_bytes(_KEY)


def authors(value: Any) -> set[str]:
    """Everybody whose own words stand somewhere in these JSON builtins."""
    if isinstance(value, dict):
        if value.get("type") == "own":
            return {str(value["by"])}
        return set().union(*(authors(inner) for inner in value.values())) if value else set()
    if isinstance(value, list | tuple):
        return set().union(*(authors(inner) for inner in value)) if value else set()
    return set()


class DataKey:
    """One owner's key of one generation; without `key` all of that generation was destroyed."""

    def __init__(self, generation: int, key: bytes | None) -> None:
        self.generation = generation
        self.key = key

    def __repr__(self) -> str:
        return f"DataKey({self.generation}, {'destroyed' if self.key is None else '***'})"

    def seal(self, text: str, about: str) -> bytes:
        if self.key is None:
            raise NoKeys("A data key that was destroyed seals nothing.")
        return seal(self.key, f"d{self.generation}", text.encode("utf-8", "surrogatepass"), about)

    def unseal(self, sealed: bytes, about: str) -> str:
        """The words; nothing where the generation that sealed them is destroyed."""
        label = key_id(sealed)
        if label == f"d{self.generation}" and self.key is not None:
            return unseal(self.key, sealed, about).decode("utf-8", "surrogatepass")
        last = self.generation if self.key is None else self.generation - 1
        if label[:1] == "d" and label[1:].isdecimal() and 1 <= int(label[1:]) <= last:
            return ""
        raise Tampered(f"a ciphertext in {about.split('|', maxsplit=1)[0]} does not open where it stands")


def sealed_words(value: Any, keys: dict[str, DataKey], about: str) -> Any:
    """The same builtins, each person's words replaced by an envelope under their own key."""
    if isinstance(value, dict):
        if value.get("type") == "own":
            by = str(value["by"])
            sealed = keys[by].seal(str(value["text"]), about)
            return {"type": "own", "by": by, "text": base64.b64encode(sealed).decode(), "sealed": True}
        return {name: sealed_words(inner, keys, about) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [sealed_words(inner, keys, about) for inner in value]
    return value


def opened_words(value: Any, keys: dict[str, DataKey], about: str) -> Any:
    """The reverse; words of somebody who has no key any more read as nothing."""
    if isinstance(value, dict):
        if value.get("type") == "own":
            by = str(value["by"])
            text = keys[by].unseal(_envelope(value, about), about) if by in keys and value["text"] else ""
            return {"type": "own", "by": by, "text": text}
        return {name: opened_words(inner, keys, about) for name, inner in value.items()}
    if isinstance(value, list):
        return [opened_words(inner, keys, about) for inner in value]
    return value


def emptied_words(sealed: str, person: str) -> str:
    """The same JSON without what this person wrote: not even its envelope is left."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            if value.get("type") == "own" and value.get("by") == person:
                return value | {"text": ""}
            return {name: without(inner) for name, inner in value.items()}
        return [without(inner) for inner in value] if isinstance(value, list) else value

    return msgspec.json.encode(without(msgspec.json.decode(sealed))).decode()


def _envelope(value: dict[str, Any], about: str) -> bytes:
    try:
        return base64.b64decode(value["text"], validate=True)
    except ValueError:
        raise Tampered(f"a ciphertext in {about.split('|', maxsplit=1)[0]} does not open where it stands") from None
