"""The ports between us and an SDK for Teams. A successor is one new file with these methods: docs/decisions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Json = dict[str, Any]


class Verify(Protocol):
    """Who sent this: the claims of a good token, or `bot.doorway.Refused`."""

    async def __call__(self, authorization: list[str]) -> Mapping[str, Any]: ...


class Decode(Protocol):
    """An activity that was let in, taken through the SDK's turn; what `logic` returns comes back."""

    async def __call__(
        self, claims: Mapping[str, Any], body: Mapping[str, Any], logic: Callable[[], Awaitable[T]]
    ) -> T: ...


class Encode(Protocol):
    """An activity as the bytes that go over the wire."""

    def __call__(self, activity: Json) -> bytes: ...


class Send(Protocol):
    """Writes once. Each raises `Later`, `Refused` or `Unsure`; none tries again by itself."""

    async def create(self, service: str, body: bytes) -> str: ...

    async def post(self, service: str, conversation: str, body: bytes) -> str: ...

    async def delete(self, service: str, conversation: str, message: str) -> None: ...

    async def update(self, service: str, conversation: str, message: str, body: bytes) -> str: ...


class Member(Protocol):
    """What the roster of a conversation says of one of its people; the exceptions of `Send`."""

    async def __call__(self, service: str, conversation: str, user: str) -> Json: ...


class Members(Protocol):
    """A page of that roster; `token` is what the page before it gave along."""

    async def __call__(self, service: str, conversation: str, token: str) -> Json: ...
