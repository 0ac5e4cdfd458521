"""A guard at the lowest place there is: this process reaches loopback and unix sockets, and nothing else."""

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_refused: list[str] = []
_installed = False


class Outside(Exception):
    """A test reached for another machine. Point whatever it starts at a fake on 127.0.0.1."""


def install() -> None:
    """Guard this process for good.

    Python raises an audit event before every connect, datagram and name look-up, also from threads and from
    libraries that keep their own socket code. The hook refuses the attempt and writes it down, because the code
    under test may well swallow the refusal as one more network error.
    """
    global _installed  # noqa: PLW0603 - an audit hook can't be taken back, so one must do for the process
    if not _installed:
        _installed = True
        sys.addaudithook(_look)


@contextmanager
def guarded() -> Iterator[None]:
    """Everything in here stays on this machine, or raises `Outside` at the end."""
    _refused.clear()
    yield
    attempts, _refused[:] = list(_refused), []
    if attempts:
        raise Outside(f"this test reached for {', '.join(attempts)}; tests stay on loopback, use a fake of tests/fakes")


def is_loopback(host: str) -> bool:
    """Whether a host, as an address or the name localhost, is this machine and no other."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in {"localhost", ""}


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if not event.startswith("socket."):
        return
    match event, arguments:
        case (("socket.connect" | "socket.sendto" | "socket.sendmsg"), (_, (str(host), *_))) if not is_loopback(host):
            _refuse(event, host)
        case (("socket.getaddrinfo" | "socket.gethostbyname"), (str() | bytes() as name, *_)):
            host = name.decode("ascii", "replace") if isinstance(name, bytes) else name
            if not (is_loopback(host) or _is_address(host)):
                _refuse(event, host)
        case _:
            return


def _is_address(host: str) -> bool:
    """Reading an address asks nobody; the connection that may follow is looked at by itself."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _refuse(event: str, host: str) -> None:
    _refused.append(f"{host} ({event})")
    raise Outside(f"{event} to {host}: tests stay on loopback")
