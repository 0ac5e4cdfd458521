"""One thing the doctor looked at, and what all of them together tell the shell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec
from msgspec import Struct


class Finding(Struct, frozen=True):
    """`mend` says what to do where `what` is not right. Neither ever holds a secret or a whole e-mail."""

    state: Literal["ok", "warn", "wrong"]
    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.state:<5}  {self.what}" + (f" {self.mend}" if self.mend else "")


def code(findings: Iterable[Finding]) -> int:
    """0 where all is right, 1 with a warning, 2 where something is wrong."""
    states = {finding.state for finding in findings}
    return 2 if "wrong" in states else 1 if "warn" in states else 0


def as_json(findings: Iterable[Finding]) -> str:
    return msgspec.json.format(msgspec.json.encode(list(findings)), indent=2).decode()
