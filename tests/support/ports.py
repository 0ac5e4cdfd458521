"""A port that stays a test's own, whether anybody listens on it just now or not."""

import socket
import weakref
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held() -> Iterator[int]:
    """Nobody is given it by chance meanwhile; whoever asks for it by its number may listen. Until then it refuses."""
    with _bound() as ours:
        yield int(ours.getsockname()[1])


def held_for(owner: object) -> int:
    """The same, for as long as there is this object."""
    ours = _bound()
    weakref.finalize(owner, ours.close)
    return int(ours.getsockname()[1])


def _bound() -> socket.socket:
    ours = socket.socket()
    # As every server has it: a port that is bound and not listened on may then be bound again.
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ours.bind(("127.0.0.1", 0))
    return ours
