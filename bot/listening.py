"""The address to listen on: taken before anything else is done, so that a start that fails changes nothing."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress


class NotHad(Exception):
    """The address is not to be had; the message says why, and which setting to change."""


def bound(host: str, port: int) -> socket.socket:
    """A socket that is ours and does not listen yet."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise NotHad(f"{host} is no address. Set BESIDE_HOST to one of this machine, such as 127.0.0.1.") from None
    door = socket.socket(family, kind)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
    except OSError as fault:
        door.close()
        raise NotHad(_why(fault.errno, host, port)) from None
    return door


def knocking(door: socket.socket) -> list[socket.socket]:
    """Those whom the machine has let in already, and nobody of us: closing the door would cut them off."""
    found = []
    with suppress(OSError):  # nobody more
        while True:
            found.append(door.accept()[0])
    return found


def _why(number: int | None, host: str, port: int) -> str:
    match number:
        case errno.EADDRINUSE:
            return f"Port {port} of {host} is taken by another program. Set BESIDE_PORT to a free one."
        case errno.EACCES | errno.EPERM:
            return f"Port {port} is not for everybody on this machine. Set BESIDE_PORT to one from 1024 on."
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine. Set BESIDE_HOST to one that is."
        case _:
            return f"{host}:{port} cannot be listened on. Look at BESIDE_HOST and BESIDE_PORT."
