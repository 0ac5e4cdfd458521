"""Where we write to: Microsoft's own hosts, over https, and nowhere else."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.settings import loopback

PUBLIC = "https://smba.trafficmanager.net/teams/"
_HOSTS = re.compile(
    r"smba\.trafficmanager\.net|(?:[a-z0-9-]+\.)*(?:botframework\.(?:com|us)|teams\.microsoft\.(?:com|us))"
)
_ADDRESS = re.compile(
    r"(https?)://([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?((?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?)"
)


def allowed(address: str, login_url: str) -> bool:
    """Loopback is for tests, and only while the tokens come from there too."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return False
    scheme, host, port, _ = found.groups()
    if loopback(host):
        return local(login_url)
    return scheme == "https" and port in (None, ":443") and _HOSTS.fullmatch(host.lower()) is not None


def local(address: str) -> bool:
    """Whether that address is on this machine."""
    return loopback(urlsplit(address).hostname or "")
